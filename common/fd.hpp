#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mp3conv {

/// Owns one file descriptor.
class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) noexcept : fd_{fd} {}
    Fd(Fd &&other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Fd &operator=(Fd &&other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd();

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// @return the text of `errno` as it is now, thread-safe.
std::string errno_text();

/// Opens with O_CLOEXEC.
/// @throws Error{local_file} naming the path; `errno` is still set.
Fd open_file(const std::string &path, int flags, unsigned mode = 0600);

/// Writes all of `bytes`, however often the kernel takes only a part.
/// @throws Error{storage_full} for ENOSPC and EDQUOT, Error{local_file} for the rest; `name` is
/// what
///         the message calls the file.
void write_all(int fd, std::string_view bytes, std::string_view name);

/// Reads until `size` bytes are there or the file ends.
/// @return bytes read. @throws Error{local_file}.
size_t read_up_to(int fd, char *buffer, size_t size, std::string_view name);

/// @return the whole of a small file. @throws Error{local_file}, also above `limit` bytes.
std::string read_small_file(const std::string &path, size_t limit = 1 << 20);

/// @return bytes. @throws Error{local_file}.
uint64_t file_size(int fd, std::string_view name);

} // namespace mp3conv
