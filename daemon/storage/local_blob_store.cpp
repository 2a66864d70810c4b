#include "daemon/storage/local_blob_store.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::storage {
namespace {

namespace fs = std::filesystem;
namespace log = system::log;

constexpr size_t buffer_bytes = 256 << 10; // few, large writes

Error failure(bool is_full, const std::string &cause) {
    if (is_full) {
        return {Errc::storage_full, "the server's disk is full; try again later", cause};
    }
    return {Errc::busy, "the server's storage failed; try again later", cause};
}

[[noreturn]] void fail(const char *what) {
    throw failure(errno == ENOSPC || errno == EDQUOT, std::string{what} + ": " + errno_text());
}

/// Does what names paths in its errors; those that get out name none.
template <typename Use>
decltype(auto) without_paths(Use &&use) {
    try {
        return std::forward<Use>(use)();
    } catch (const Error &e) {
        throw failure(e.code() == Errc::storage_full, e.what());
    }
}

void flush_folder(const fs::path &folder) {
    without_paths([&] { sync_directory(folder); });
}

void copy_all(int from, int to) {
    constexpr size_t at_a_time = 1 << 30;
    off_t offset = 0;
    ssize_t sent = 0;
    while ((sent = ::sendfile(to, from, &offset, at_a_time)) > 0) continue;
    if (sent < 0) fail("copy a blob");
}

/// Makes the folder of a blob, durably.
void make_folder_of(const fs::path &blob) {
    std::error_code error;
    const bool made = fs::create_directory(blob.parent_path(), error);
    if (error) {
        throw failure(error == std::errc::no_space_on_device, "make a folder: " + error.message());
    }
    if (made) flush_folder(blob.parent_path().parent_path());
}

/// A file that is written to its end.
class LocalDraft : public Draft {
public:
    void write(std::string_view bytes) override {
        if (buffer_.size() + bytes.size() > buffer_bytes) flush();
        if (bytes.size() >= buffer_bytes) return write_through(bytes);
        buffer_ += bytes;
    }

    int fd() const noexcept override { return fd_.get(); }

    void sync() override {
        flush();
        if (::fsync(fd_.get()) != 0) fail("flush a draft");
    }

protected:
    explicit LocalDraft(Fd fd) : fd_{std::move(fd)} {
        if (!fd_) fail("create a draft");
        buffer_.reserve(buffer_bytes);
    }

private:
    void flush() {
        write_through(buffer_);
        buffer_.clear();
    }

    void write_through(std::string_view bytes) {
        without_paths([&] { write_all(fd_.get(), bytes, "draft"); });
    }

    Fd fd_;
    std::string buffer_;
};

/// A file in the drafts folder that `commit` moves to its place.
class TemporaryDraft final : public LocalDraft {
public:
    TemporaryDraft(std::string pattern, fs::path target) :
        LocalDraft{Fd{::mkostemp(pattern.data(), O_CLOEXEC)}},
        target_{std::move(target)},
        temporary_{std::move(pattern)} {}

    ~TemporaryDraft() override {
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
    }

    void commit() override {
        sync();
        make_folder_of(target_);
        if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("name a blob");
        temporary_.clear();
        flush_folder(target_.parent_path());
    }

private:
    fs::path target_;
    fs::path temporary_;
};

/// A file that grows at its place.
class LastingDraft final : public LocalDraft {
public:
    LastingDraft(const fs::path &target, uint64_t size) :
        LocalDraft{Fd{::open(target.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)}} {
        if (without_paths([&] { return file_size(fd(), "draft"); }) < size) {
            throw Error{Errc::internal,
                        "bytes of the upload are missing on the server; start anew"};
        }
        if (::ftruncate(fd(), static_cast<off_t>(size)) != 0) fail("cut a draft");
        if (::lseek(fd(), 0, SEEK_END) < 0) fail("seek in a draft");
        flush_folder(target.parent_path());
    }

    void commit() override { sync(); }
};

void make_private_folder(const fs::path &folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        throw Error{Errc::local_file,
                    folder.string() + ": cannot make the folder: " + errno_text()};
    }
}

template <typename See>
void each_file_older_than(std::chrono::seconds age, const fs::path &folder, See &&see) {
    const auto before = fs::file_time_type::clock::now() - age;
    for (const auto &entry : fs::recursive_directory_iterator{folder}) {
        std::error_code gone; // someone may remove it meanwhile
        const bool is_file = entry.is_regular_file(gone);
        const auto written = entry.last_write_time(gone);
        if (!gone && is_file && written <= before) see(entry.path());
    }
}

} // namespace

LocalBlobStore::LocalBlobStore(fs::path folder) :
    blobs_{folder / "blobs"},
    drafts_{folder / "drafts"} {
    make_private_folder(blobs_);
    make_private_folder(drafts_);
}

std::unique_ptr<Draft> LocalBlobStore::begin(const std::string &name) {
    return std::make_unique<TemporaryDraft>(drafts_ / (name + ".XXXXXX"), path_of(name));
}

std::unique_ptr<Draft> LocalBlobStore::resume(const std::string &name, uint64_t size) {
    const fs::path target = path_of(name);
    make_folder_of(target);
    return std::make_unique<LastingDraft>(target, size);
}

void LocalBlobStore::adopt(const std::string &name, int bytes, bool may_share) {
    const fs::path target = path_of(name);
    const std::string source = "/proc/self/fd/" + std::to_string(bytes);
    make_folder_of(target);
    if (may_share &&
        ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, target.c_str(), AT_SYMLINK_FOLLOW) == 0) {
        return sync_directory(target.parent_path());
    }
    const auto draft = begin(name); // on another file system, or its last name is gone
    copy_all(bytes, draft->fd());
    draft->commit();
}

void LocalBlobStore::remove_drafts() {
    for (const auto &left_over : fs::directory_iterator{drafts_}) {
        std::error_code later; // a read-only disk can still be read from
        fs::remove(left_over.path(), later);
    }
}

Fd LocalBlobStore::open(const std::string &name) {
    Fd fd{::open(path_of(name).c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd && errno != ENOENT) fail("open a blob");
    return fd;
}

void LocalBlobStore::remove(const std::string &name) {
    if (::unlink(path_of(name).c_str()) == 0 || errno == ENOENT) return;
    log::warning("cannot remove a blob yet", {{"blob", name}, {"cause", errno_text()}});
}

void LocalBlobStore::each_older_than(std::chrono::seconds age,
                                     const std::function<void(const std::string &)> &see) {
    each_file_older_than(age, blobs_, [&](const fs::path &blob) { see(blob.filename()); });
    each_file_older_than(age, drafts_, [](const fs::path &draft) { ::unlink(draft.c_str()); });
}

uint64_t LocalBlobStore::free_bytes() {
    struct statvfs status {};
    if (::statvfs(blobs_.c_str(), &status) != 0) fail("look at the disk");
    return static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
}

fs::path LocalBlobStore::path_of(const std::string &name) const {
    return blobs_ / name.substr(0, 2) / name;
}

} // namespace mp3conv::storage
