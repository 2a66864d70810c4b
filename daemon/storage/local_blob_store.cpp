#include "daemon/storage/local_blob_store.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/error.hpp"
#include "daemon/storage/local_blob.hpp"
#include "daemon/storage/local_drafts.hpp"
#include "daemon/storage/local_failure.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::storage {
namespace {

namespace fs = std::filesystem;
namespace log = system::log;

void copy_all(int from, int to) {
    constexpr size_t at_a_time = 1 << 30;
    off_t offset = 0;
    ssize_t sent = 0;
    while ((sent = ::sendfile(to, from, &offset, at_a_time)) > 0) continue;
    if (sent < 0) fail("copy a blob");
}

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
    return std::make_unique<LocalDraft>(pattern_of(name), path_of(name));
}

std::unique_ptr<FileDraft> LocalBlobStore::begin_file(const std::string &name) {
    return std::make_unique<LocalFileDraft>(pattern_of(name), path_of(name));
}

std::unique_ptr<LastingDraft> LocalBlobStore::resume(const std::string &name, const Progress &from,
                                                     KeepBookmark) {
    const fs::path target = path_of(name);
    make_folder_of(target);
    return std::make_unique<LocalLastingDraft>(target, from.size);
}

bool LocalBlobStore::can_resume(const std::string &name, const Progress &from) {
    const auto grown = open(name);
    return from.size == 0 || (grown && grown->size() >= from.size);
}

void LocalBlobStore::adopt(const std::string &name, Blob &blob, bool may_share) {
    const fs::path target = path_of(name);
    const auto bytes = whole_copy(blob);
    const std::string source = "/proc/self/fd/" + std::to_string(bytes->fd());
    make_folder_of(target);
    if (may_share && ::fsync(bytes->fd()) == 0 &&
        ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, target.c_str(), AT_SYMLINK_FOLLOW) == 0) {
        return flush_folder(target.parent_path());
    }
    const auto draft = begin_file(name); // on another file system, or its last name is gone
    copy_all(bytes->fd(), draft->fd());
    draft->commit();
}

void LocalBlobStore::remove_drafts() {
    for (const auto &left_over : fs::directory_iterator{drafts_}) {
        std::error_code later; // a read-only disk can still be read from
        fs::remove(left_over.path(), later);
    }
}

std::unique_ptr<Blob> LocalBlobStore::open(const std::string &name) {
    Fd fd{::open(path_of(name).c_str(), O_RDONLY | O_CLOEXEC)};
    if (fd) return std::make_unique<LocalBlob>(std::move(fd));
    if (errno != ENOENT) fail("open a blob");
    return nullptr;
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

std::optional<uint64_t> LocalBlobStore::free_bytes() {
    struct statvfs status {};
    if (::statvfs(blobs_.c_str(), &status) != 0) fail("look at the disk");
    return static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
}

fs::path LocalBlobStore::path_of(const std::string &name) const {
    return blobs_ / name.substr(0, 2) / name;
}

std::string LocalBlobStore::pattern_of(const std::string &name) const {
    return drafts_ / (name + ".XXXXXX");
}

} // namespace mp3conv::storage
