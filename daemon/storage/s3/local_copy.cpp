#include "daemon/storage/s3/local_copy.hpp"

#include <algorithm>
#include <cerrno>
#include <future>
#include <unistd.h>

#include "daemon/storage/local_failure.hpp"
#include "daemon/storage/s3/scratch.hpp"

namespace mp3conv::storage::s3 {
namespace {

using namespace std::chrono_literals;

// Stores answer after some ten milliseconds, and send the faster the more lines they send on.
constexpr size_t most_lines = 8;
constexpr uint64_t piece_bytes = 1 << 20;
constexpr auto look_up_every = 50ms;

std::vector<ByteRange> pieces_of(const std::vector<ByteRange> &ranges) {
    std::vector<ByteRange> pieces;
    for (auto [first, left] : ranges) {
        while (left > 0) {
            const uint64_t count = std::min(left, piece_bytes);
            pieces.push_back({first, count});
            first += count;
            left -= count;
        }
    }
    return pieces;
}

void write_at(int fd, std::string_view bytes, uint64_t at) {
    while (!bytes.empty()) {
        const ssize_t done = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail("write a scratch file");
        bytes.remove_prefix(static_cast<size_t>(done));
        at += static_cast<uint64_t>(done);
    }
}

} // namespace

S3LocalCopy::S3LocalCopy(Client &client, std::string key, uint64_t size,
                         const std::filesystem::path &scratch) :
    client_{client},
    key_{std::move(key)},
    file_{scratch_file(scratch)} {
    if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0) fail("make a scratch file");
}

void S3LocalCopy::fetch(const std::vector<ByteRange> &ranges,
                        const std::function<void()> &meanwhile) {
    const auto pieces = pieces_of(ranges);
    std::atomic<size_t> next = 0;
    std::atomic<bool> is_over = false;
    const auto work = [&] {
        for (size_t i = next++; i < pieces.size() && !is_over; i = next++) {
            fetch_one(pieces[i], is_over);
        }
    };
    std::vector<std::future<void>> lines; // of which each waits for its end
    const struct End {
        std::atomic<bool> &is_over;
        ~End() { is_over = true; }
    } end{is_over};
    for (size_t i = 0; i < std::min(pieces.size(), most_lines); ++i) {
        lines.push_back(std::async(std::launch::async, work));
    }
    for (auto &line : lines) {
        while (line.wait_for(look_up_every) != std::future_status::ready) meanwhile();
        line.get();
    }
}

void S3LocalCopy::fetch_one(ByteRange range, const std::atomic<bool> &is_over) {
    client_.get(key_, range.first, range.count, [&](std::string_view bytes) {
        write_at(file_.get(), bytes, range.first);
        range.first += bytes.size();
        return !is_over;
    });
}

} // namespace mp3conv::storage::s3
