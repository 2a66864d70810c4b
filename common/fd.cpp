#include "common/fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "common/error.hpp"

namespace mp3conv {
namespace {

[[noreturn]] void throw_errno(std::string_view name, const char *what) {
    const int saved = errno;
    const bool full = saved == ENOSPC || saved == EDQUOT;
    const std::string text = std::string{name} + ": cannot " + what + ": " + errno_text();
    errno = saved;
    throw Error{full ? Errc::storage_full : Errc::local_file, text};
}

} // namespace

Fd::~Fd() {
    if (fd_ >= 0) ::close(fd_);
}

std::string errno_text() {
    return std::generic_category().message(errno);
}

Fd open_file(const std::string &path, int flags, unsigned mode) {
    Fd fd{::open(path.c_str(), flags | O_CLOEXEC, mode)};
    if (!fd) throw_errno(path, "open");
    return fd;
}

void write_all(int fd, std::string_view bytes, std::string_view name) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw_errno(name, "write");
        bytes.remove_prefix(static_cast<size_t>(written));
    }
}

size_t read_up_to(int fd, char *buffer, size_t size, std::string_view name) {
    size_t have = 0;
    while (have < size) {
        const ssize_t got = ::read(fd, buffer + have, size - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_errno(name, "read");
        if (got == 0) break;
        have += static_cast<size_t>(got);
    }
    return have;
}

std::string read_small_file(const std::string &path, size_t limit) {
    const Fd fd = open_file(path, O_RDONLY);
    std::string text(limit + 1, '\0');
    text.resize(read_up_to(fd.get(), text.data(), text.size(), path));
    if (text.size() > limit) {
        throw Error{Errc::local_file, path + ": larger than " + std::to_string(limit) +
                                          " bytes; is it the right file?"};
    }
    return text;
}

uint64_t file_size(int fd, std::string_view name) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) throw_errno(name, "stat");
    return static_cast<uint64_t>(status.st_size);
}

} // namespace mp3conv
