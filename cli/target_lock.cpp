#include "cli/target_lock.hpp"

#include <fcntl.h>
#include <filesystem>

#include "cli/globals.hpp"
#include "common/sha256.hpp"

namespace mp3conv::cli {
namespace {

/// One byte of the lock file stands for one target.
off_t place_of(const std::string &target) {
    Sha256 hash;
    hash.update(std::filesystem::absolute(target).lexically_normal().string());
    return static_cast<off_t>(std::stoull(hash.finish().substr(0, 15), nullptr, 16));
}

} // namespace

TargetLock::TargetLock(const std::string &target) {
    if (target == "-") return;
    std::error_code error;
    std::filesystem::create_directories(state_dir(), error);
    file_ = open_file(state_dir() / "locks", O_RDWR | O_CREAT, 0600);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = place_of(target);
    lock.l_len = 1;
    held_ = ::fcntl(file_.get(), F_OFD_SETLK, &lock) == 0;
}

} // namespace mp3conv::cli
