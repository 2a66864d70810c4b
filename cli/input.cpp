#include "cli/input.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "cli/interrupt.hpp"
#include "common/error.hpp"
#include "common/sha256.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {

std::string input_name(const std::string &path) {
    return path == "-" ? "stdin" : safe_file_name(path);
}

Input::Input(const std::string &path) :
    Input{path, path == "-" ? Fd{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)}
                            : open_file(path, O_RDONLY)} {}

Input::Input(std::string path, Fd fd) : path_{std::move(path)}, fd_{std::move(fd)} {
    struct stat status {};
    if (!fd_ || ::fstat(fd_.get(), &status) != 0) {
        throw Error{Errc::local_file, path_ + ": cannot be read: " + errno_text()};
    }
    if (S_ISDIR(status.st_mode))
        throw Error{Errc::local_file, "is a folder; use -r for what is in it"};
    if (!S_ISREG(status.st_mode)) return; // a pipe or a device has no size
    start_ = std::max<off_t>(0, ::lseek(fd_.get(), 0, SEEK_CUR));
    if (status.st_size <= start_) throw Error{Errc::not_media, "is empty; nothing to convert"};
    bytes_ = static_cast<uint64_t>(status.st_size - start_);
}

size_t Input::read(char *buffer, size_t size) {
    const uint64_t left = bytes_ ? *bytes_ - bytes_read_ : size; // what grows is for another time
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(size, left));
    if (wanted == 0) return 0;
    if (!bytes_) await_readable(fd_.get());
    ssize_t got = 0;
    do {
        check_interrupted();
        got = ::read(fd_.get(), buffer, wanted);
    } while (got < 0 && errno == EINTR);
    if (got < 0) throw Error{Errc::local_file, "cannot be read: " + errno_text()};
    if (got == 0 && bytes_) throw Error{Errc::local_file, "became shorter while it was sent"};
    bytes_read_ += static_cast<uint64_t>(got);
    return static_cast<size_t>(got);
}

void Input::seek(uint64_t offset) {
    if (::lseek(fd_.get(), start_ + static_cast<off_t>(offset), SEEK_SET) < 0) {
        throw Error{Errc::local_file, "cannot be read: " + errno_text()};
    }
    bytes_read_ = offset;
}

std::string Input::sha256() {
    Sha256 hash;
    std::vector<char> buffer(256 << 10);
    seek(0);
    while (const size_t got = read(buffer.data(), buffer.size())) hash.update({buffer.data(), got});
    seek(0);
    return hash.finish();
}

} // namespace mp3conv::cli
