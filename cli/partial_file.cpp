#include "cli/partial_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/atomic_file.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t longest_name = 200; // leaves room for what is put around it below NAME_MAX

[[noreturn]] void fail(const fs::path &target, const char *what) {
    throw Error{Errc::local_file, target.string() + ": cannot " + what + ": " + errno_text()};
}

fs::path part_of(const fs::path &target, int number) {
    const std::string mark = number == 0 ? "" : "." + std::to_string(number);
    return target.parent_path() /
           ("." + target.filename().string().substr(0, longest_name) + mark + ".part");
}

/// @return false where another process is at it, or has put it in its place meanwhile.
bool take(const Fd &fd, const fs::path &part) {
    struct stat held {
    }, named{};
    return ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 && ::fstat(fd.get(), &held) == 0 &&
           ::stat(part.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
           held.st_dev == named.st_dev;
}

} // namespace

PartialFile::PartialFile(const fs::path &target) : target_{target} {
    for (int number = 0;; ++number) {
        const fs::path part = part_of(target, number);
        Fd fd{::open(part.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666)};
        if (!fd) fail(target, "be written");
        if (!take(fd, part)) continue;
        part_ = part;
        fd_ = std::move(fd);
        return;
    }
}

PartialFile::~PartialFile() {
    if (fd_ && !part_.empty()) ::unlink(part_.c_str());
}

void PartialFile::write(std::string_view bytes) {
    write_all(fd_.get(), bytes, target_.string());
}

void PartialFile::start_over() {
    if (::ftruncate(fd_.get(), 0) != 0) fail(target_, "be written anew");
}

void PartialFile::commit() {
    if (::fsync(fd_.get()) != 0) fail(target_, "be flushed");
    if (::rename(part_.c_str(), target_.c_str()) != 0) fail(target_, "be put in its place");
    keep();
    sync_directory(target_.parent_path());
}

} // namespace mp3conv::cli
