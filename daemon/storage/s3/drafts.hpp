#pragma once

#include <filesystem>
#include <string>

#include "daemon/storage/blob_store.hpp"
#include "daemon/storage/s3/growth.hpp"
#include "daemon/storage/s3/multipart.hpp"

namespace mp3conv::storage::s3 {

/// A local file of what is not sent yet, so that it can be sent more than once and takes no memory.
class Spool {
public:
    explicit Spool(const std::filesystem::path &folder);

    void write(std::string_view bytes);
    void clear();
    uint64_t size() const noexcept { return size_; }
    /// Fills it with an object.
    void load(Client &client, const std::string &key, uint64_t size);
    FileRange all() const noexcept { return {file_.get(), 0, size_}; }

private:
    Fd file_;
    uint64_t size_ = 0;
};

class S3Draft final : public Draft {
public:
    S3Draft(Client &client, const std::filesystem::path &folder, const std::string &key) :
        spool_{folder},
        object_{client, key} {}
    ~S3Draft() override { object_.abandon(); }

    void write(std::string_view bytes) override;
    void commit() override { object_.finish(spool_.all()); }

private:
    Spool spool_;
    Multipart object_;
};

class S3FileDraft final : public FileDraft {
public:
    S3FileDraft(Client &client, const std::filesystem::path &folder, std::string key);

    int fd() const noexcept override { return file_.get(); }
    void commit() override { put_file(client_, key_, file_.get()); }

private:
    Client &client_;
    std::string key_;
    Fd file_;
};

class S3LastingDraft final : public LastingDraft {
public:
    S3LastingDraft(Client &client, const Layout &layout, const std::filesystem::path &folder,
                   std::string name, Growth growth, KeepBookmark keep);

    void write(std::string_view bytes) override;
    std::string sync() override;
    void commit() override;

private:
    void keep_others_away();
    void send_part();

    Client &client_;
    const Layout &layout_;
    std::string name_;
    Spool spool_;
    Multipart object_;
    std::string id_;    ///< its own, among those at that name
    Bookmark bookmark_; ///< of the last sync
    KeepBookmark keep_;
    bool is_committed_;
};

/// Removes the tails of a draft; a failure is logged, and left to who removes its blob.
void remove_tails(Client &client, const Layout &layout, const std::string &name);

} // namespace mp3conv::storage::s3
