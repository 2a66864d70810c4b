#include "daemon/storage/s3/drafts.hpp"

#include <algorithm>
#include <unistd.h>
#include <vector>

#include "daemon/storage/local_failure.hpp"
#include "daemon/storage/s3/scratch.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::storage::s3 {
namespace {

/// Cuts what comes into parts, and sends those that are full.
void write_in_parts(std::string_view bytes, Spool &spool, Multipart &object,
                    uint64_t (*size_of_part)(int number)) {
    while (!bytes.empty()) {
        const uint64_t full = size_of_part(object.next_number());
        if (spool.size() == full) {
            object.add(spool.all());
            spool.clear();
            continue;
        }
        const auto piece = bytes.substr(0, full - spool.size());
        spool.write(piece);
        bytes.remove_prefix(piece.size());
    }
}

} // namespace

Spool::Spool(const std::filesystem::path &folder) : file_{scratch_file(folder)} {}

void Spool::write(std::string_view bytes) {
    without_paths([&] { write_all(file_.get(), bytes, "scratch file"); });
    size_ += bytes.size();
}

void Spool::clear() {
    if (::ftruncate(file_.get(), 0) != 0 || ::lseek(file_.get(), 0, SEEK_SET) != 0) {
        fail("empty a scratch file");
    }
    size_ = 0;
}

void Spool::load(Client &client, const std::string &key, uint64_t size) {
    client.get(key, 0, size, [this](std::string_view bytes) {
        write(bytes);
        return true;
    });
}

void S3Draft::write(std::string_view bytes) {
    write_in_parts(bytes, spool_, object_, [](int) { return whole_bytes; });
}

S3FileDraft::S3FileDraft(Client &client, const std::filesystem::path &folder, std::string key) :
    client_{client},
    key_{std::move(key)},
    file_{scratch_file(folder)} {}

S3LastingDraft::S3LastingDraft(Client &client, const Layout &layout,
                               const std::filesystem::path &folder, std::string name,
                               Growth growth) :
    client_{client},
    layout_{layout},
    name_{std::move(name)},
    spool_{folder},
    object_{client, layout.blob(name_), growth.upload_id, growth.parts},
    is_committed_{growth.is_committed} {
    if (!growth.tail.empty()) spool_.load(client_, growth.tail, growth.tail_bytes);
    for (const auto &tail : growth.old_tails) client_.remove(tail);
}

void S3LastingDraft::write(std::string_view bytes) {
    if (is_committed_ && !bytes.empty()) {
        throw Error{Errc::internal, "the upload is ended, and takes no more", name_};
    }
    write_in_parts(bytes, spool_, object_, part_bytes);
}

void S3LastingDraft::sync() {
    if (is_committed_ || spool_.size() == 0) return;
    if (spool_.size() == part_bytes(object_.next_number())) {
        object_.add(spool_.all());
        return spool_.clear();
    }
    const uint64_t first = object_.size();
    client_.put(layout_.tail(name_, first, first + spool_.size()), spool_.all());
}

void S3LastingDraft::commit() {
    if (!is_committed_) object_.finish(spool_.all());
    is_committed_ = true;
    remove_tails(client_, layout_, name_);
}

void remove_tails(Client &client, const Layout &layout, const std::string &name) try {
    std::vector<std::string> tails;
    client.each_object(layout.tails(name), [&](const Object &tail) { tails.push_back(tail.key); });
    for (const auto &tail : tails) client.remove(tail);
} catch (const Error &e) {
    system::log::warning("cannot remove the pieces of an upload yet",
                         {{"blob", name}, {"cause", describe(e)}});
}

} // namespace mp3conv::storage::s3
