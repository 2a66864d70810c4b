#include "daemon/sandbox/deadline.hpp"

#include <algorithm>
#include <string>

#include "common/error.hpp"

namespace mp3conv::sandbox {
namespace {

using namespace std::chrono_literals;

// An hour of speech is 10 MB or more, and one core encodes it in a minute: these are some 40, which
// is enough for an old computer with much to do. The files that take longest for their size are
// silence, of which FLAC makes 150 bytes a second: ten hours of it get 27 minutes, and take ten.
constexpr auto least = 5min;
constexpr auto most = 12h;
constexpr uint64_t bytes_a_second = 4096;

// A head takes milliseconds to read. Some are made so that it takes hours: of 200,000 tags each is
// compared with all before it.
constexpr auto head = 30s;

} // namespace

std::chrono::seconds time_for(uint64_t source_bytes) noexcept {
    const uint64_t by_size = source_bytes / bytes_a_second;
    constexpr std::chrono::seconds limit = most;
    if (by_size >= static_cast<uint64_t>(limit.count())) return limit;
    return std::min<std::chrono::seconds>(least + std::chrono::seconds{by_size}, limit);
}

Deadline::Deadline(std::chrono::seconds whole) : whole_{whole} {}

void Deadline::check() const {
    const auto taken = Clock::now() - begin_;
    if (taken >= whole_) {
        throw Error{Errc::conversion_timeout, "its conversion took longer than " +
                                                  std::to_string(whole_.count()) +
                                                  " s; convert it in parts"};
    }
    if (!has_started_ && taken >= head) {
        throw Error{Errc::conversion_timeout,
                    "what stands in front of its sound took too long to read; check that it plays, "
                    "or remove its tags and cover"};
    }
}

} // namespace mp3conv::sandbox
