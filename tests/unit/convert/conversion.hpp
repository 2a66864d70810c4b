#pragma once

#include <string>

#include "common/error.hpp"
#include "tests/unit/convert/mp3.hpp"

namespace mp3conv::test {

// What ffmpeg makes sounds and pictures of, of three seconds.
inline const std::string tone = "-f lavfi -i sine=440:r=44100:d=3 ";
inline const std::string stereo =
    "-f lavfi -i 'aevalsrc=0.3*sin(2765*t)|0.3*sin(3456*t):s=44100:d=3' ";
inline const std::string picture = "-f lavfi -i testsrc=d=3:s=64x64:r=10 ";

/// What the conversion of a file ends with.
struct Refusal {
    Errc code = Errc::internal;
    std::string message = "none";
};

inline Refusal refusal_of(const std::string &from, const std::string &to,
                          const Options &options = {}) {
    try {
        convert_file(from, to, options);
    } catch (const Error &e) {
        return {e.code(), e.what()};
    }
    return {};
}

} // namespace mp3conv::test
