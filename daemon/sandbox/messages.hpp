#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/byte_range.hpp"
#include "common/error.hpp"
#include "common/options.hpp"
#include "daemon/convert/converter.hpp"

namespace mp3conv::sandbox {

// What goes between the daemon, the helper and the children, as JSON. The helper is to be believed.
// A child may have been taken over by the file that it reads, and is not.

/// The daemon to the helper: convert this.
struct Request {
    Options options;
    std::chrono::seconds time{}; ///< that the conversion may take
    uint64_t most_bytes = 0;     ///< that it may write
    bool is_whole = true;        ///< the source; else the child asks for its bytes
};

/// The descriptors that go with it, in this order: source, MP3, the child's end of what it says,
/// and the helper's end of what becomes of the child.
constexpr size_t request_descriptors = 4;

std::string encode(const Request &request);
Request parse_request(std::string_view text);

/// The helper to the daemon, first of all: parts of the sandbox that this system does not have.
struct Missing {
    std::vector<std::string> layers;
};

std::string encode(const Missing &missing);
Missing parse_missing(std::string_view text);

/// The helper to the daemon: a child has ended.
struct Fate {
    int wait_status = 0; ///< as wait(2) has it
    uint64_t peak_bytes = 0;
    double cpu_s = 0;
};

std::string encode(const Fate &fate);
Fate parse_fate(std::string_view text);

/// A child to the daemon: how far it is, 0 to 1; what of the source it needs next, which is
/// answered once that is there; what it made; or why it made nothing.
struct Progress {
    double part = 0;
};
struct Wanted {
    std::vector<ByteRange> ranges;
};
using Word = std::variant<Progress, Wanted, convert::Report, Error>;

/// The daemon's answer to Wanted.
inline constexpr std::string_view it_is_there = "there";

std::string encode(const Word &word);

/// @return what it says, with numbers that make sense and texts that are fit to be shown.
/// @throws Error{conversion_crashed} for what no child says that is still itself.
Word parse_word(std::string_view text);

} // namespace mp3conv::sandbox
