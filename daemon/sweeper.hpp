#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "daemon/auth/attempt_store.hpp"
#include "daemon/auth/code_store.hpp"
#include "daemon/auth/invite_store.hpp"
#include "daemon/auth/session_store.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/queue/files.hpp"
#include "daemon/queue/uploads.hpp"
#include "daemon/storage/blob_store.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv {

/// @return blobs of that age that no row names.
/// @param age younger ones may still get their row.
std::vector<std::string> find_orphans(queue::Files &files, storage::BlobStore &blobs,
                                      std::chrono::seconds age);

/// Removes what nobody needs any more: MP3s and sources past their time, uploads that nobody goes
/// on with, sessions and codes that ran out, attempts that are forgiven, accounts whose address
/// nobody verified, bytes that no row names, and rows of what ended long ago.
class Sweeper {
public:
    struct Rooms {
        queue::Files &files;
        queue::Uploads &uploads;
        auth::SessionStore &sessions;
        auth::AttemptStore &attempts;
        auth::CodeStore &codes;
        auth::InviteStore &invites;
        notify::Outbox &outbox;
        storage::BlobStore &blobs;
        const system::Clock &clock;
    };
    struct Retention {
        std::chrono::seconds mp3;
        std::chrono::seconds source;
        std::chrono::seconds history; ///< of rows, whose bytes are gone
    };

    Sweeper(Rooms rooms, Retention retention);

    /// Sweeps once a minute, step by step until nothing is left to go, and looks for orphans once
    /// an hour, until it is destroyed.
    void start();

    /// Bytes that no row names are younger than that while their row is still to come: far longer
    /// than from a commit to its INSERT.
    static constexpr std::chrono::seconds orphan_age{3600};

    // Each does nothing for an hour after the clock was turned: what a wrong clock throws away does
    // not come back when it is set right. One thread at a time.

    /// Sessions and codes that ran out, attempts that are forgiven, accounts that nobody verified.
    void sweep_accounts();

    /// A step: what ended before its time of retention, a hundred of a kind.
    /// @return how many blobs went.
    size_t sweep_expired();

    /// A step likewise: rows of files without bytes, of notices and of invites that ended before
    /// their history began.
    /// @return how many went.
    size_t sweep_history();

    /// Bytes without a row: a crash came between their commit and their INSERT. See find_orphans.
    /// @return how many went.
    size_t sweep_orphans(std::chrono::seconds age = orphan_age);

private:
    std::chrono::milliseconds calendar_offset() const;
    bool trusts_calendar();
    void run(const std::stop_token &stop);

    Rooms rooms_;
    Retention retention_;
    std::chrono::milliseconds offset_;         ///< of the calendar from the uptime, as last seen
    std::chrono::milliseconds trusted_from_{}; ///< an uptime
    std::jthread thread_;
};

} // namespace mp3conv
