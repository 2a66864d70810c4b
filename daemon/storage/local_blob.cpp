#include "daemon/storage/local_blob.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

#include "daemon/storage/local_failure.hpp"

namespace mp3conv::storage {
namespace {

constexpr uint64_t piece_bytes = 128 << 10;

/// @return some of the bytes there, at least one.
size_t read_some(int fd, char *buffer, size_t size, uint64_t offset) {
    ssize_t got = 0;
    do {
        got = ::pread(fd, buffer, size, static_cast<off_t>(offset));
    } while (got < 0 && errno == EINTR);
    if (got < 0) fail("read a blob");
    if (got == 0) throw Error{Errc::internal, "bytes are missing on the server"};
    return static_cast<size_t>(got);
}

class SameFile final : public LocalCopy {
public:
    explicit SameFile(Fd fd) : fd_{std::move(fd)} {}

    int fd() const noexcept override { return fd_.get(); }
    bool is_whole() const noexcept override { return true; }
    void fetch(const std::vector<ByteRange> &, const std::function<void()> &) override {}

private:
    Fd fd_;
};

} // namespace

LocalBlob::LocalBlob(Fd fd) :
    fd_{std::move(fd)},
    size_{without_paths([this] { return file_size(fd_.get(), "blob"); })} {}

bool LocalBlob::read(uint64_t first, uint64_t count, const Sink &sink) {
    std::vector<char> buffer(std::min(count, piece_bytes));
    while (count > 0) {
        const size_t got = read_some(fd_.get(), buffer.data(), std::min(count, piece_bytes), first);
        if (!sink({buffer.data(), got})) return false;
        first += got;
        count -= got;
    }
    return true;
}

std::unique_ptr<LocalCopy> LocalBlob::local_copy() {
    Fd same{::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0)};
    if (!same) fail("open a blob again");
    return std::make_unique<SameFile>(std::move(same));
}

} // namespace mp3conv::storage
