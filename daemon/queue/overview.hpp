#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/file_object.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::queue {

/// What there is to do.
struct Backlog {
    uint64_t uploading = 0;
    uint64_t queued = 0;
    uint64_t converting = 0;
    std::chrono::seconds oldest_wait{0}; ///< of the queued one that could be taken longest
    bool is_paused = false;
};

/// A conversion as an administrator sees it.
struct JobLine {
    FileObject file;
    std::string email; ///< of its owner
    int tries = 0;
};

/// Bytes that a row says there are.
struct NamedBlob {
    int64_t seq = 0; ///< of its row
    std::string file_id;
    std::string blob;
    uint64_t bytes = 0;      ///< at least, where it grows
    std::string sha256;      ///< empty where nobody knows it
    bool is_growing = false; ///< an upload under way
    std::string bookmark{};  ///< of one
    bool is_whole = true;    ///< of one under way: all is there, and it may have been committed

    bool operator==(const NamedBlob &) const = default;
};

/// Everyone's conversions, for who looks after the daemon. Any thread may call. All throw
/// Error{busy} where the database cannot be had.
class Overview {
public:
    virtual ~Overview() = default;

    /// Takes time by what waits and runs, not by what has ended.
    virtual Backlog backlog() = 0;

    /// While paused no job is handed out; what runs goes on, and uploads are queued. Stays over a
    /// restart.
    virtual void set_paused(bool paused) = 0;

    /// @return the newest first. @param state nullopt for any.
    virtual std::vector<JobLine> list(std::optional<State> state, int limit) = 0;

    /// @return whose file that is; nullopt where there is none.
    virtual std::optional<system::UserId> owner_of(const std::string &id) = 0;

    /// @return the blobs of the next rows, some hundred, in the order of `seq`; empty at the end.
    /// @param after the last `seq` that was seen; 0 at first.
    virtual std::vector<NamedBlob> blobs_after(int64_t after) = 0;
};

} // namespace mp3conv::queue
