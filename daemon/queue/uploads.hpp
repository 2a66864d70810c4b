#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/file_object.hpp"
#include "daemon/queue/job_queue.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::queue {

/// A source that comes in pieces. Its ID is the file ID from the start.
struct Upload {
    NewFile file;                   ///< `bytes` and `sha256` are not used here
    std::optional<uint64_t> length; ///< absent while the client has not said it
    uint64_t offset = 0;            ///< bytes that are durable
    std::string bookmark;           ///< where they are, in the words of who stores them
    bool is_partial = false;        ///< a piece that another upload is to be joined from
    bool is_open = true;            ///< false once it is queued, or whatever came then
    Time expires_at;
};

/// Uploads under way. Every change is durable when the call returns. Any thread may call. All throw
/// Error{busy} where the database cannot be had.
class Uploads {
public:
    virtual ~Uploads() = default;

    /// Makes its row, `uploading`.
    /// @throws as require_within, and then there is none.
    virtual void begin(const Upload &upload) = 0;

    /// @return the upload of that owner; of one that is finished, length and offset are its size.
    virtual std::optional<Upload> find(system::UserId owner, const std::string &id) = 0;

    /// Notes how much is durable and where, how long it is to become and when it expires.
    /// @param from what `find` or an `advance` before said.
    /// @return false when it is no longer under way, or somebody has gone on with it since then:
    ///         offset or bookmark are others. Nothing is changed then.
    virtual bool advance(const Upload &from, const Upload &to) = 0;

    /// All of it is durable: queues it to be converted.
    /// @return the file object; nullopt when it is no longer under way.
    virtual std::optional<FileObject> finish(const Upload &upload, const std::string &sha256) = 0;

    /// Forgets uploads whose time is over, a hundred at a time. @return their blobs.
    virtual std::vector<std::string> expire() = 0;
};

} // namespace mp3conv::queue
