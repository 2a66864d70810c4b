#include "daemon/storage/local_blob_store.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/atomic_file.hpp"
#include "common/error.hpp"

namespace mp3conv::storage {
namespace {

namespace fs = std::filesystem;

constexpr size_t buffer_bytes = 256 << 10; // few, large writes

[[noreturn]] void fail(const char *what) {
    if (errno == ENOSPC || errno == EDQUOT) {
        throw Error{Errc::storage_full, "the server's disk is full; try again later", errno_text()};
    }
    throw Error{Errc::internal, "the server's storage failed",
                std::string{what} + ": " + errno_text()};
}

/// A file in the drafts folder that `commit` moves to its place.
class LocalDraft final : public Draft {
public:
    LocalDraft(const fs::path &drafts, fs::path target) : target_{std::move(target)} {
        std::string name = drafts / (target_.filename().string() + ".XXXXXX");
        fd_ = Fd{::mkostemp(name.data(), O_CLOEXEC)};
        if (!fd_) fail("create a draft");
        temporary_ = name;
        buffer_.reserve(buffer_bytes);
    }

    ~LocalDraft() override {
        if (!temporary_.empty()) ::unlink(temporary_.c_str());
    }

    void write(std::string_view bytes) override {
        if (buffer_.size() + bytes.size() > buffer_bytes) flush();
        if (bytes.size() >= buffer_bytes) return write_through(bytes);
        buffer_ += bytes;
    }

    int fd() const noexcept override { return fd_.get(); }

    void commit() override {
        flush();
        if (::fsync(fd_.get()) != 0) fail("flush a draft");
        std::error_code error;
        const bool made = fs::create_directory(target_.parent_path(), error);
        if (error) fail("make a folder");
        if (made) sync_directory(target_.parent_path().parent_path());
        if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("name a blob");
        temporary_.clear();
        sync_directory(target_.parent_path());
    }

private:
    void flush() {
        write_through(buffer_);
        buffer_.clear();
    }

    void write_through(std::string_view bytes) {
        try {
            write_all(fd_.get(), bytes, "draft");
        } catch (const Error &) {
            fail("write a draft");
        }
    }

    fs::path target_;
    fs::path temporary_;
    Fd fd_;
    std::string buffer_;
};

void make_private_folder(const fs::path &folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        throw Error{Errc::local_file,
                    folder.string() + ": cannot make the folder: " + errno_text()};
    }
}

} // namespace

LocalBlobStore::LocalBlobStore(fs::path folder) :
    blobs_{folder / "blobs"},
    drafts_{folder / "drafts"} {
    make_private_folder(blobs_);
    make_private_folder(drafts_);
    for (const auto &left_over : fs::directory_iterator{drafts_}) fs::remove(left_over.path());
}

std::unique_ptr<Draft> LocalBlobStore::begin(const std::string &name) {
    return std::make_unique<LocalDraft>(drafts_, path_of(name));
}

Fd LocalBlobStore::open(const std::string &name) {
    Fd fd{::open(path_of(name).c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd && errno != ENOENT) fail("open a blob");
    return fd;
}

void LocalBlobStore::remove(const std::string &name) {
    if (::unlink(path_of(name).c_str()) != 0 && errno != ENOENT) fail("remove a blob");
}

void LocalBlobStore::each_older_than(std::chrono::seconds age,
                                     const std::function<void(const std::string &)> &see) {
    const auto before = fs::file_time_type::clock::now() - age;
    for (const auto &entry : fs::recursive_directory_iterator{blobs_}) {
        std::error_code gone; // someone may remove it meanwhile
        const bool is_file = entry.is_regular_file(gone);
        const auto written = entry.last_write_time(gone);
        if (!gone && is_file && written <= before) see(entry.path().filename());
    }
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
