#include "daemon/convert/length.hpp"

#include "common/error.hpp"

namespace mp3conv::convert {
namespace {

constexpr double least_s = 3600;
constexpr double bytes_a_second = 8;
constexpr double mp3_bytes_a_second = 320'000.0 / 8;
constexpr uint64_t metadata_bytes = 64 << 20;

} // namespace

double most_seconds(uint64_t source_bytes) noexcept {
    return least_s + static_cast<double>(source_bytes) / bytes_a_second;
}

uint64_t most_mp3_bytes(uint64_t source_bytes) noexcept {
    return static_cast<uint64_t>(most_seconds(source_bytes) * mp3_bytes_a_second) + metadata_bytes;
}

void check_length(double seconds, double most_s) {
    if (seconds <= most_s) return;
    throw Error{Errc::too_long, "it plays for longer than a file of its size can; check that it is "
                                "a recording"};
}

} // namespace mp3conv::convert
