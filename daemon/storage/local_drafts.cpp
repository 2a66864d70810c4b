#include "daemon/storage/local_drafts.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "daemon/storage/local_failure.hpp"

namespace mp3conv::storage {
namespace {

namespace fs = std::filesystem;

constexpr size_t buffer_bytes = 256 << 10;

Fd require_open(int fd) {
    if (fd < 0) fail("create a draft");
    return Fd{fd};
}

void flush_file(int fd) {
    if (::fsync(fd) != 0) fail("flush a draft");
}

} // namespace

BufferedFile::BufferedFile(int fd) : fd_{fd} {
    buffer_.reserve(buffer_bytes);
}

void BufferedFile::write(std::string_view bytes) {
    if (buffer_.size() + bytes.size() > buffer_bytes) flush();
    if (bytes.size() >= buffer_bytes) return write_through(bytes);
    buffer_ += bytes;
}

void BufferedFile::sync() {
    flush();
    flush_file(fd_);
}

void BufferedFile::flush() {
    write_through(buffer_);
    buffer_.clear();
}

void BufferedFile::write_through(std::string_view bytes) {
    without_paths([&] { write_all(fd_, bytes, "draft"); });
}

LocalFileDraft::LocalFileDraft(std::string pattern, fs::path target) :
    fd_{require_open(::mkostemp(pattern.data(), O_CLOEXEC))},
    target_{std::move(target)},
    temporary_{std::move(pattern)} {}

LocalFileDraft::~LocalFileDraft() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void LocalFileDraft::commit() {
    flush_file(fd_.get());
    make_folder_of(target_);
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("name a blob");
    temporary_.clear();
    flush_folder(target_.parent_path());
}

void LocalDraft::commit() {
    buffered_.sync();
    file_.commit();
}

LocalLastingDraft::LocalLastingDraft(const fs::path &target, uint64_t size) :
    fd_{require_open(::open(target.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))},
    buffered_{fd_.get()} {
    if (without_paths([&] { return file_size(fd_.get(), "draft"); }) < size) throw bytes_missing();
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) fail("cut a draft");
    if (::lseek(fd_.get(), 0, SEEK_END) < 0) fail("seek in a draft");
    flush_folder(target.parent_path());
}

} // namespace mp3conv::storage
