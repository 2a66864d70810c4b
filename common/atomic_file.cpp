#include "common/atomic_file.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.hpp"

namespace mp3conv {
namespace {

[[noreturn]] void fail(const std::filesystem::path &target, const char *what) {
    const Errc code = errno == ENOSPC || errno == EDQUOT ? Errc::storage_full : Errc::local_file;
    throw Error{code, target.string() + ": cannot " + what + ": " + errno_text()};
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path target, unsigned mode) : target_{std::move(target)} {
    std::string name =
        target_.parent_path() / ("." + target_.filename().string().substr(0, 200) + ".XXXXXX.part");
    fd_ = Fd{::mkostemps(name.data(), 5, O_CLOEXEC)};
    if (!fd_) fail(target_, "create");
    temporary_ = name;
    if (::fchmod(fd_.get(), mode) != 0) fail(target_, "set the mode");
}

AtomicFile::~AtomicFile() {
    if (fd_ && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
    write_all(fd_.get(), bytes, target_.string());
}

void AtomicFile::commit() {
    if (::fsync(fd_.get()) != 0) fail(target_, "flush");
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, "rename");
    temporary_.clear();
    sync_directory(target_.parent_path());
}

void sync_directory(const std::filesystem::path &directory) {
    const std::string path = directory.empty() ? "." : directory.string();
    const Fd fd = open_file(path, O_RDONLY | O_DIRECTORY);
    if (::fsync(fd.get()) != 0) fail(path, "flush");
}

} // namespace mp3conv
