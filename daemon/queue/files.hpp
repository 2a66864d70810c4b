#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/file_object.hpp"
#include "daemon/queue/limits.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::queue {

/// A row as its owner's requests need it.
struct File {
    FileObject object;
    std::string mp3_blob; ///< empty unless done
};

struct Listing {
    std::optional<State> state{};
    std::string prefix{};        ///< of the ID
    std::string source_sha256{}; ///< empty for any
    int limit = 100;
    std::string cursor{}; ///< `next` of the page before; empty for the first
};

struct Page {
    std::vector<FileObject> files; ///< newest first
    std::string next;              ///< empty on the last page
};

/// How far back bytes are kept, by when their file ended.
struct Horizon {
    Time mp3;    ///< of done files, which become expired
    Time source; ///< of done files
    Time
        unconverted_source; ///< of failed and cancelled files, which cannot be retried from then on
};

/// A user's conversions. Another user's ID is as absent as one that never was. Any thread may call.
/// All throw Error{busy} where the database cannot be had.
class Files {
public:
    virtual ~Files() = default;

    virtual std::optional<File> find(system::UserId owner, const std::string &id) = 0;

    /// @return the file that was enqueued under that idempotency key.
    virtual std::optional<FileObject> find_by_key(system::UserId owner, const std::string &key) = 0;

    /// @throws Error{bad_request} for a cursor that no page gave out.
    virtual Page list(system::UserId owner, const Listing &listing) = 0;

    virtual Usage usage(system::UserId owner) = 0;

    virtual OwnLimits own_limits(system::UserId owner) = 0;
    virtual void set_own_limits(system::UserId owner, const OwnLimits &limits) = 0;

    /// Ends a file that waits or runs; one that is cancelled already stays so.
    /// @return false when there is no such file, or it has ended otherwise.
    virtual bool cancel(system::UserId owner, const std::string &id) = 0;

    /// Queues a failed or cancelled file once more.
    /// @return false when there is no such file, it is in another state or its source is gone.
    /// @throws as require_within, and then nothing is queued.
    virtual bool retry(system::UserId owner, const std::string &id, const Limits &limits) = 0;

    /// Forgets a file; its blobs are for the sweeper, or for the caller at once.
    /// @return the names of its blobs; nullopt when there is no such file.
    virtual std::optional<std::vector<std::string>> remove(system::UserId owner,
                                                           const std::string &id) = 0;

    /// Forgets all files of an owner, uploads under way too. @return the names of their blobs.
    virtual std::vector<std::string> remove_all(system::UserId owner) = 0;

    /// @return those of the blobs that no row needs.
    virtual std::vector<std::string> unnamed(const std::vector<std::string> &blobs) = 0;
    bool names_blob(const std::string &blob) { return unnamed({blob}).empty(); }

    /// Lets go of what ended before the horizon, a hundred of each kind at a time.
    /// @return the blobs that no row names any more.
    virtual std::vector<std::string> expire(const Horizon &horizon) = 0;

    /// Forgets files that ended before then and have no bytes any more, a hundred at a time; not
    /// those about which a notice is still to go out.
    /// @return how many.
    virtual size_t forget(Time ended_before) = 0;
};

} // namespace mp3conv::queue
