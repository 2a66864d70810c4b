#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "daemon/admin/house.hpp"
#include "daemon/system/every.hpp"

namespace mp3conv::admin {

/// @return whether both mean the same bytes. Writes a few into the second, and removes them.
bool is_same_place(storage::BlobStore &one, storage::BlobStore &other);

/// Carries bytes from one house's storage to another's. A name means the same bytes for ever: what
/// is there is not sent again. Uploads under way are carried as far as their rows say that they
/// are.
class BlobMover {
public:
    struct Figures {
        uint64_t copied = 0; ///< blobs, or what came to them
        uint64_t copied_bytes = 0;
        uint64_t there = 0; ///< already
        uint64_t there_bytes = 0;
        uint64_t damaged = 0; ///< of those copied, by their SHA-256
    };

    BlobMover(House &from, House &to, bool as_json) : from_{from}, to_{to}, as_json_{as_json} {}

    /// @return the bytes to be carried, which stay readable where they are in local files whatever
    ///         becomes of their row; nullptr where there are none, or none any more.
    /// @throws Error{wrong_state} for an upload under way that this storage does not let read.
    std::unique_ptr<storage::Blob> open(const queue::NamedBlob &named);

    /// @return whether it had to be copied.
    bool move(const queue::NamedBlob &named);

    /// As `move`, for one that was opened before.
    void move(const queue::NamedBlob &named, storage::Blob &bytes);

    /// Notes in rows that are to be copied where the bytes of uploads under way are now.
    void keep_bookmarks(db::Database &rows) const;

    const Figures &figures() const { return figures_; }

private:
    bool is_there(const queue::NamedBlob &named);
    storage::Progress progress_of(const queue::NamedBlob &named);
    void grow(const queue::NamedBlob &named, storage::Blob &bytes, const storage::Progress &from);
    void note(const queue::NamedBlob &named, storage::Blob &bytes, uint64_t from);

    House &from_;
    House &to_;
    bool as_json_;
    std::map<std::string, storage::Progress> grown_; ///< uploads under way, at the new place
    Figures figures_;
    system::Every progress_{std::chrono::seconds{10}};
};

} // namespace mp3conv::admin
