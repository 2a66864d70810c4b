#include "daemon/storage/s3/drafts.hpp"

#include <algorithm>
#include <unistd.h>
#include <vector>

#include "daemon/storage/local_failure.hpp"
#include "daemon/storage/s3/scratch.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::storage::s3 {
namespace {

constexpr size_t id_length = 10; // 50 bits

/// Fills the spool up to `full`. @return what is left.
std::string_view fill(Spool &spool, uint64_t full, std::string_view bytes) {
    const auto piece = bytes.substr(0, full - spool.size());
    spool.write(piece);
    return bytes.substr(piece.size());
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
    while (!bytes.empty()) {
        if (spool_.size() == whole_bytes) {
            object_.add(spool_.all());
            spool_.clear();
        }
        bytes = fill(spool_, whole_bytes, bytes);
    }
}

S3FileDraft::S3FileDraft(Client &client, const std::filesystem::path &folder, std::string key) :
    client_{client},
    key_{std::move(key)},
    file_{scratch_file(folder)} {}

S3LastingDraft::S3LastingDraft(Client &client, const Layout &layout,
                               const std::filesystem::path &folder, std::string name, Growth growth,
                               KeepBookmark keep) :
    client_{client},
    layout_{layout},
    name_{std::move(name)},
    spool_{folder},
    object_{client, layout.blob(name_), growth.bookmark.upload_id, growth.parts},
    id_{system::random_id(id_length)},
    bookmark_{std::move(growth.bookmark)},
    keep_{std::move(keep)},
    is_committed_{growth.is_committed} {
    if (!growth.tail.empty()) spool_.load(client_, growth.tail, growth.tail_bytes);
    for (const auto &tail : growth.old_tails) client_.remove(tail);
}

void S3LastingDraft::write(std::string_view bytes) {
    if (is_committed_ && !bytes.empty()) {
        throw Error{Errc::internal, "the upload is ended, and takes no more", name_};
    }
    while (!bytes.empty()) {
        const uint64_t full = part_bytes(object_.next_number());
        if (spool_.size() == full) {
            send_part();
        } else {
            bytes = fill(spool_, full, bytes);
        }
    }
}

/// Whoever was at it before us does not get so far any more.
void S3LastingDraft::keep_others_away() {
    const bool is_first = object_.id().empty();
    object_.begin();
    bookmark_.upload_id = object_.id();
    bookmark_.writer = id_;
    try {
        keep_(bookmark_.text());
    } catch (...) {
        if (is_first) object_.abandon();
        throw;
    }
}

void S3LastingDraft::send_part() {
    keep_others_away();
    object_.add(spool_.all());
    spool_.clear();
}

std::string S3LastingDraft::sync() {
    if (is_committed_) return {};
    if (spool_.size() == part_bytes(object_.next_number())) send_part();
    bookmark_.parts = object_.parts().size();
    bookmark_.etags = hash_of(object_.parts());
    bookmark_.tail = id_;
    if (spool_.size() > 0) {
        const uint64_t first = object_.size();
        client_.put(layout_.tail(name_, first, first + spool_.size(), id_), spool_.all());
    }
    return bookmark_.text();
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
