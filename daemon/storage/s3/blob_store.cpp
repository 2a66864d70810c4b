#include "daemon/storage/s3/blob_store.hpp"

#include <map>
#include <vector>

#include "common/error.hpp"
#include "daemon/storage/s3/drafts.hpp"
#include "daemon/storage/s3/local_copy.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::storage::s3 {
namespace {

namespace log = system::log;

constexpr const char *cannot_remove = "cannot remove a blob yet";

class S3Blob final : public Blob {
public:
    S3Blob(Client &client, std::string key, uint64_t size, const std::filesystem::path &scratch) :
        client_{client},
        key_{std::move(key)},
        size_{size},
        scratch_{scratch} {}

    uint64_t size() const noexcept override { return size_; }

    bool read(uint64_t first, uint64_t count, const Sink &sink) override {
        return client_.get(key_, first, count, sink);
    }

    std::unique_ptr<LocalCopy> local_copy() override {
        return std::make_unique<S3LocalCopy>(client_, key_, size_, scratch_);
    }

private:
    Client &client_;
    std::string key_;
    uint64_t size_;
    const std::filesystem::path &scratch_;
};

void make_folder(const std::filesystem::path &folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        throw Error{Errc::local_file,
                    folder.string() + ": cannot make the folder: " + error.message()};
    }
}

} // namespace

S3BlobStore::S3BlobStore(const std::string &url, std::filesystem::path scratch) :
    scratch_{std::move(scratch)},
    client_{parse_location(url)},
    layout_{client_.location().prefix} {
    make_folder(scratch_);
    try {
        client_.check();
    } catch (const Error &e) {
        throw Error{e.code(), "storage: the bucket " + client_.location().bucket +
                                  " cannot be used: " + e.cause()};
    }
}

std::unique_ptr<Draft> S3BlobStore::begin(const std::string &name) {
    return std::make_unique<S3Draft>(client_, scratch_, layout_.blob(name));
}

std::unique_ptr<FileDraft> S3BlobStore::begin_file(const std::string &name) {
    return std::make_unique<S3FileDraft>(client_, scratch_, layout_.blob(name));
}

std::unique_ptr<LastingDraft> S3BlobStore::resume(const std::string &name, const Progress &from,
                                                  KeepBookmark keep) {
    auto growth = find_growth(client_, layout_, name, from);
    if (!growth) throw bytes_missing();
    return std::make_unique<S3LastingDraft>(client_, layout_, scratch_, name, std::move(*growth),
                                            std::move(keep));
}

bool S3BlobStore::can_resume(const std::string &name, const Progress &from) {
    return find_growth(client_, layout_, name, from).has_value();
}

std::unique_ptr<Blob> S3BlobStore::open(const std::string &name) {
    const auto size = client_.size_of(layout_.blob(name));
    if (!size) return nullptr;
    return std::make_unique<S3Blob>(client_, layout_.blob(name), *size, scratch_);
}

std::string S3BlobStore::link(const Link &link) {
    return client_.link(
        layout_.blob(link.name),
        {{"response-content-type", link.type}, {"response-content-disposition", link.disposition}},
        link.time);
}

void S3BlobStore::remove(const std::string &name) try {
    const std::string key = layout_.blob(name);
    client_.remove(key);
    std::vector<std::string> uploads;
    client_.each_upload(key, [&](const Upload &upload) {
        if (upload.key == key) uploads.push_back(upload.id);
    });
    for (const auto &id : uploads) client_.abort(key, id);
    remove_tails(client_, layout_, name);
} catch (const Error &e) {
    log::warning(cannot_remove, {{"blob", name}, {"cause", describe(e)}});
}

void S3BlobStore::remove_committed(const std::string &name) try {
    client_.remove(layout_.blob(name));
} catch (const Error &e) {
    log::warning(cannot_remove, {{"blob", name}, {"cause", describe(e)}});
}

Time S3BlobStore::last_write(const Upload &upload) {
    Time last = upload.begun;
    for (const auto &part : client_.parts(upload.key, upload.id)) {
        last = std::max(last, part.written);
    }
    return last;
}

void S3BlobStore::each_older_than(std::chrono::seconds age,
                                  const std::function<void(const std::string &)> &see) {
    const auto now = std::chrono::system_clock::now();
    const auto before = std::chrono::floor<std::chrono::milliseconds>(now) - age;
    client_.each_object(layout_.blobs(), [&](const Object &object) {
        if (object.written <= before) see(layout_.name_in(object.key));
    });
    std::map<std::string, Time> drafts; // and when the last of their bytes came
    const auto note = [&](const std::string &key, Time written) {
        Time &last = drafts[layout_.name_in(key)];
        last = std::max(last, written);
    };
    client_.each_object(layout_.drafts(),
                        [&](const Object &tail) { note(tail.key, tail.written); });
    client_.each_upload(layout_.blobs(), [&](const Upload &upload) {
        note(upload.key, upload.begun <= before ? last_write(upload) : upload.begun);
    });
    for (const auto &[name, last] : drafts) {
        if (last <= before) see(name);
    }
}

void S3BlobStore::adopt(const std::string &name, Blob &blob, bool) {
    put_file(client_, layout_.blob(name), whole_copy(blob)->fd());
}

} // namespace mp3conv::storage::s3
