#include "common/media/source.hpp"

#include <cerrno>
#include <new>
#include <unistd.h>

#include "common/fd.hpp"

namespace mp3conv::media {
namespace {

ssize_t read_file(int fd, uint64_t at, char *buffer, size_t count) noexcept {
    size_t done = 0;
    while (done < count) {
        const ssize_t got = ::pread(fd, buffer + done, count - done, static_cast<off_t>(at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        done += static_cast<size_t>(got);
    }
    return static_cast<ssize_t>(done);
}

} // namespace

uint64_t Source::size() const {
    return file_size(fd_, "the source");
}

ssize_t Source::read(uint64_t at, char *buffer, size_t count) const noexcept {
    try {
        if (feed_ && !feed_->bring(ByteRange{at, count})) {
            errno = EIO;
            return -1;
        }
    } catch (const std::bad_alloc &) {
        errno = ENOMEM;
        return -1;
    }
    return read_file(fd_, at, buffer, count);
}

void Source::expect(const std::vector<ByteRange> &ranges) const {
    if (feed_) feed_->bring(ranges); // what fails here fails again where it is read
}

} // namespace mp3conv::media
