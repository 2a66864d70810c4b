#include "daemon/data_dir.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv {
namespace {

namespace fs = std::filesystem;

// The lock file holds two lines: the process ID and, once it listens, the URL.
fs::path lock_file(const fs::path &data_dir) {
    return data_dir / "lock";
}

struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

void make_private(const fs::path &path) {
    std::error_code error;
    const bool made = fs::create_directories(path, error);
    if (made) fs::permissions(path, fs::perms::owner_all, error);
    if (error) {
        throw Error{Errc::local_file, path.string() + ": cannot make the data folder: " +
                                          error.message() + "; choose another with --data-dir"};
    }
}

/// What AtomicFile leaves where its process dies.
void remove_half_written(const fs::path &folder) {
    std::error_code error; // there need not be such a folder
    for (const auto &entry : fs::directory_iterator{folder, error}) {
        const std::string name = entry.path().filename();
        if (name.starts_with('.') && name.ends_with(".part")) fs::remove(entry.path(), error);
    }
}

void rewrite(const Fd &file, const std::string &text, const std::string &name) {
    if (::ftruncate(file.get(), 0) != 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) {
        throw Error{Errc::local_file, name + ": cannot write: " + errno_text()};
    }
    write_all(file.get(), text, name);
}

std::string line(const std::string &text, size_t index) {
    size_t start = 0;
    while (index-- > 0) {
        start = text.find('\n', start);
        if (start == std::string::npos) return {};
        ++start;
    }
    return text.substr(start, text.find('\n', start) - start);
}

} // namespace

DataDir::DataDir(fs::path path) : path_{std::move(path)} {
    make_private(path_);
    const std::string name = lock_file(path_);
    lock_ = open_file(name, O_RDWR | O_CREAT, 0600);
    struct flock whole = whole_file();
    if (::fcntl(lock_.get(), F_OFD_SETLK, &whole) != 0) {
        throw Error{Errc::busy, path_.string() + ": in use by mp3convd with process ID " +
                                    line(read_small_file(name), 0) +
                                    "; stop that one or choose another --data-dir"};
    }
    rewrite(lock_, std::to_string(::getpid()) + "\n", name);
    remove_half_written(path_);
    remove_half_written(path_ / "outbox");
}

void DataDir::announce(const std::string &url) {
    rewrite(lock_, std::to_string(::getpid()) + "\n" + url + "\n", lock_file(path_));
}

std::string DataDir::instance() const {
    return instance_of(path_);
}

std::string instance_of(const fs::path &data_dir) {
    const fs::path file = data_dir / "instance";
    if (!fs::exists(file)) {
        AtomicFile fresh{file, 0600};
        fresh.write(system::random_id(16) + "\n");
        fresh.commit();
    }
    return std::string{trim(read_small_file(file))};
}

std::string announced_url(const fs::path &data_dir) {
    const Fd lock{::open(lock_file(data_dir).c_str(), O_RDONLY | O_CLOEXEC)};
    if (!lock) return {};
    struct flock held = whole_file(); // only asks: a probe must not keep a daemon from starting
    const bool runs = ::fcntl(lock.get(), F_OFD_GETLK, &held) == 0 && held.l_type != F_UNLCK;
    return runs ? line(read_small_file(lock_file(data_dir)), 1) : std::string{};
}

} // namespace mp3conv
