#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "daemon/storage/blob_store.hpp"

namespace mp3conv::storage {

/// A file that is written to its end, in few, large writes.
class BufferedFile {
public:
    explicit BufferedFile(int fd);

    void write(std::string_view bytes);
    /// What was written is durable when this returns.
    void sync();

private:
    void flush();
    void write_through(std::string_view bytes);

    int fd_;
    std::string buffer_;
};

/// A file in the drafts folder that `commit` moves to its place.
class LocalFileDraft final : public FileDraft {
public:
    /// @param pattern as mkostemp takes it.
    LocalFileDraft(std::string pattern, std::filesystem::path target);
    ~LocalFileDraft() override;

    int fd() const noexcept override { return fd_.get(); }
    void commit() override;

private:
    Fd fd_;
    std::filesystem::path target_;
    std::filesystem::path temporary_;
};

class LocalDraft final : public Draft {
public:
    LocalDraft(std::string pattern, std::filesystem::path target) :
        file_{std::move(pattern), std::move(target)},
        buffered_{file_.fd()} {}

    void write(std::string_view bytes) override { buffered_.write(bytes); }
    void commit() override;

private:
    LocalFileDraft file_;
    BufferedFile buffered_;
};

/// A file that grows at its place.
class LocalLastingDraft final : public LastingDraft {
public:
    LocalLastingDraft(const std::filesystem::path &target, uint64_t size);

    void write(std::string_view bytes) override { buffered_.write(bytes); }
    /// The name and the size say all.
    std::string sync() override {
        buffered_.sync();
        return {};
    }
    void commit() override { buffered_.sync(); }

private:
    Fd fd_;
    BufferedFile buffered_;
};

} // namespace mp3conv::storage
