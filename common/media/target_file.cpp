#include "common/media/target_file.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <unistd.h>

namespace mp3conv::media {
namespace {

constexpr int io_buffer_bytes = 256 << 10;

int write_file(void *opaque, uint8_t *bytes, int size) noexcept {
    auto &file = *static_cast<TargetFile *>(opaque);
    int left = size;
    while (left > 0) {
        const auto written = ::pwrite(file.fd, bytes, static_cast<size_t>(left), file.position);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) file.failed_errno = errno;
        if (written < 0) return AVERROR(errno);
        bytes += written;
        left -= static_cast<int>(written);
        file.position += written;
        file.size = std::max(file.size, file.position);
    }
    return size;
}

int64_t seek_file(void *opaque, int64_t offset, int whence) noexcept {
    auto &file = *static_cast<TargetFile *>(opaque);
    if (whence & AVSEEK_SIZE) return file.size;
    if (whence != SEEK_SET || offset < 0) return AVERROR(EINVAL); // avio_seek asks for no other
    return file.position = offset;
}

} // namespace

Io open_for_writing(TargetFile &file) {
    void *buffer = av_malloc(io_buffer_bytes);
    if (!buffer) throw std::bad_alloc{};
    Io io{avio_alloc_context(static_cast<unsigned char *>(buffer), io_buffer_bytes, 1, &file,
                             nullptr, write_file, seek_file)};
    if (!io) av_free(buffer);
    if (!io) throw std::bad_alloc{};
    return io;
}

} // namespace mp3conv::media
