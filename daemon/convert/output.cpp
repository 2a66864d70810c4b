#include "daemon/convert/output.hpp"

#include <unistd.h>

#include "common/error.hpp"
#include "common/fd.hpp"

namespace mp3conv::convert {
namespace {

constexpr size_t buffer_bytes = 256 << 10;
constexpr const char *name = "the mp3"; // in messages

} // namespace

Output::Output(int fd) : fd_{fd} {
    buffer_.reserve(buffer_bytes);
}

void Output::write(std::string_view bytes) {
    if (buffer_.size() + bytes.size() > buffer_bytes) flush();
    buffer_ += bytes;
    size_ += bytes.size();
}

void Output::overwrite(uint64_t offset, std::string_view bytes) {
    flush();
    seek(offset);
    write_all(fd_, bytes, name);
    seek(size_);
}

void Output::seek(uint64_t offset) {
    if (::lseek(fd_, static_cast<off_t>(offset), SEEK_SET) >= 0) return;
    throw Error{Errc::local_file, std::string{name} + ": cannot seek: " + errno_text()};
}

void Output::flush() {
    write_all(fd_, buffer_, name);
    buffer_.clear();
}

} // namespace mp3conv::convert
