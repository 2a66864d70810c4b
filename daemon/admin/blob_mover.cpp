#include "daemon/admin/blob_mover.hpp"

#include "common/error.hpp"
#include "daemon/admin/faults.hpp"
#include "daemon/system/log.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::admin {

bool is_same_place(storage::BlobStore &one, storage::BlobStore &other) {
    const std::string name = system::random_id(20) + ".probe";
    const auto probe = other.begin(name);
    probe->write("probe");
    probe->commit();
    const bool is_same = one.open(name) != nullptr;
    other.remove(name);
    return is_same;
}

std::unique_ptr<storage::Blob> BlobMover::open(const queue::NamedBlob &named) {
    auto bytes = from_.blobs->open(named.blob);
    const bool is_hidden = !bytes && named.is_growing && named.bytes > 0 &&
                           from_.blobs->can_resume(named.blob, {named.bytes, named.bookmark});
    if (is_hidden) {
        throw Error{Errc::wrong_state, named.file_id + ": an upload under way cannot be read from "
                                                       "this storage; run this again once it has "
                                                       "ended"};
    }
    return bytes;
}

bool BlobMover::move(const queue::NamedBlob &named) {
    if (is_there(named)) {
        ++figures_.there;
        figures_.there_bytes += named.bytes;
        return false;
    }
    const auto bytes = open(named);
    if (bytes) move(named, *bytes);
    return bytes != nullptr;
}

void BlobMover::move(const queue::NamedBlob &named, storage::Blob &bytes) {
    const auto from = progress_of(named);
    if (named.is_growing || from.size > 0) {
        grow(named, bytes, from);
    } else {
        to_.blobs->adopt(named.blob, bytes, true);
    }
    note(named, bytes, from.size);
}

bool BlobMover::is_there(const queue::NamedBlob &named) {
    if (named.is_growing) {
        const auto &progress = grown_[named.blob] = progress_of(named);
        if (!named.is_whole) return progress.size == named.bytes;
    }
    const auto there = to_.blobs->open(named.blob);
    return there && there->size() == named.bytes;
}

/// @return how far that is at the new place which was an upload under way when it was last carried.
storage::Progress BlobMover::progress_of(const queue::NamedBlob &named) {
    if (const auto known = grown_.find(named.blob); known != grown_.end()) return known->second;
    const auto owner = to_.rows->overview().owner_of(named.file_id);
    if (!owner) return {};
    const auto upload = to_.rows->uploads().find(*owner, named.file_id);
    if (!upload || !upload->is_open || upload->offset > named.bytes) return {};
    const storage::Progress progress{upload->offset, upload->bookmark};
    return to_.blobs->can_resume(named.blob, progress) ? progress : storage::Progress{};
}

void BlobMover::grow(const queue::NamedBlob &named, storage::Blob &bytes,
                     const storage::Progress &from) {
    // Nobody else writes there, and what a run that fails has sent is sent again.
    const auto keep_nothing = [](const std::string &) {};
    const auto draft = to_.blobs->resume(named.blob, from, keep_nothing);
    bytes.read(from.size, named.bytes - from.size, [&draft](std::string_view piece) {
        draft->write(piece);
        return true;
    });
    if (named.is_growing) grown_[named.blob] = {named.bytes, draft->sync()};
    if (named.is_whole) draft->commit();
}

void BlobMover::keep_bookmarks(db::Database &rows) const {
    for (const auto &[blob, progress] : grown_) {
        const std::string id = blob.substr(0, blob.find('.'));
        const auto owner = rows.overview().owner_of(id);
        const auto upload = owner ? rows.uploads().find(*owner, id) : std::nullopt;
        if (!upload || !upload->is_open) continue;
        auto there = *upload;
        there.bookmark = progress.bookmark;
        rows.uploads().advance(*upload, there);
    }
}

void BlobMover::note(const queue::NamedBlob &named, storage::Blob &bytes, uint64_t from) {
    ++figures_.copied;
    figures_.copied_bytes += named.bytes - from;
    if (progress_.is_due()) {
        system::log::info("copying", {{"files", std::to_string(figures_.copied)},
                                      {"bytes", std::to_string(figures_.copied_bytes)}});
    }
    if (named.is_growing || named.sha256.empty() || sha256_of(bytes) == named.sha256) return;
    ++figures_.damaged;
    print_fault(as_json_, "sha256", named.file_id, named.blob);
}

} // namespace mp3conv::admin
