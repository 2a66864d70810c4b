#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <memory>
#include <string>

#include "common/fd.hpp"
#include "daemon/convert/converter.hpp"

namespace mp3conv::test {

/// @return what the command writes to its standard output.
inline std::string output_of(const std::string &command) {
    const auto close = [](FILE *pipe) { CHECK(::pclose(pipe) == 0); };
    const std::unique_ptr<FILE, decltype(close)> pipe{::popen(command.c_str(), "re"), close};
    REQUIRE(pipe);
    std::string output;
    char buffer[65536];
    while (const size_t got = std::fread(buffer, 1, sizeof buffer, pipe.get())) {
        output.append(buffer, got);
    }
    return output;
}

inline void ffmpeg(const std::string &arguments) {
    output_of("ffmpeg -nostdin -v error -y " + arguments);
}

/// @return signed 16-bit samples of all channels, as ffmpeg decodes them.
inline std::string decoded(const std::string &path, const std::string &options = "") {
    return output_of("ffmpeg -nostdin -v error -i " + path + " " + options + " -f s16le -");
}

/// @return samples of each channel, where the file has that many channels.
inline int64_t samples_in(const std::string &path, int channels) {
    return static_cast<int64_t>(decoded(path).size()) / 2 / channels;
}

/// @return one value of the file or its stream, as ffprobe names it: "format_tags=title".
inline std::string probed(const std::string &path, const std::string &entry) {
    std::string value =
        output_of("ffprobe -v error -show_entries " + entry + " -of default=nw=1:nk=1 " + path);
    while (!value.empty() && value.back() == '\n') value.pop_back();
    return value;
}

/// @return the loudest of signed 16-bit samples.
inline int peak(const std::string &s16) {
    int loudest = 0;
    for (size_t i = 0; i + 1 < s16.size(); i += 2) {
        int16_t sample = 0;
        std::memcpy(&sample, s16.data() + i, 2);
        loudest = std::max(loudest, std::abs(int{sample}));
    }
    return loudest;
}

inline convert::Report convert_file(const std::string &from, const std::string &to,
                                    const Options &options = {},
                                    const convert::Progress &progress = {}) {
    const Fd source = open_file(from, O_RDONLY);
    const Fd mp3 = open_file(to, O_RDWR | O_CREAT | O_TRUNC);
    convert::Cores cores{3};
    return convert::convert(source.get(), mp3.get(), options, cores, progress);
}

} // namespace mp3conv::test
