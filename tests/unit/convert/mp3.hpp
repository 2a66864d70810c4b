#pragma once

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "daemon/convert/frame_parser.hpp"
#include "tests/unit/convert/media.hpp"

namespace mp3conv::test {

inline std::string bytes_of(const std::string &path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

inline void write_file(const std::string &path, const std::string &bytes) {
    std::ofstream{path, std::ios::binary} << bytes;
}

/// @return the bytes of an MP3 behind its ID3 tag, which begin with the tag frame.
inline std::string stream_of(const std::string &path) {
    std::string bytes = bytes_of(path);
    if (!bytes.starts_with("ID3")) return bytes;
    size_t size = 0;
    for (size_t i = 6; i < 10; ++i) size = size << 7 | static_cast<unsigned char>(bytes[i]);
    return bytes.substr(size + 10);
}

/// @return the frames of such bytes, the tag frame left out.
inline std::vector<convert::Frame> frames_in(const std::string &stream) {
    const auto tag = convert::parse_frame_header(stream);
    REQUIRE(tag);
    convert::FrameParser parser;
    parser.feed(std::string_view{stream}.substr(tag->bytes()));
    std::vector<convert::Frame> frames;
    while (auto frame = parser.next()) frames.push_back(std::move(*frame));
    CHECK(parser.rest().empty());
    return frames;
}

/// @return what ffmpeg says about a file when it looks closely.
inline std::string complaints_about(const std::string &path) {
    return output_of("ffmpeg -nostdin -v repeat+warning "
                     "-err_detect crccheck+bitstream+buffer+explode -i " +
                     path + " -f null - 2>&1 | sed 's/ @ 0x[0-9a-f]*//'");
}

} // namespace mp3conv::test
