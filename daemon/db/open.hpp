#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/auth/attempt_store.hpp"
#include "daemon/auth/code_store.hpp"
#include "daemon/auth/invite_store.hpp"
#include "daemon/auth/session_store.hpp"
#include "daemon/auth/user_store.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/notify/webhook_store.hpp"
#include "daemon/queue/files.hpp"
#include "daemon/queue/job_queue.hpp"
#include "daemon/queue/overview.hpp"
#include "daemon/queue/uploads.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db {

/// The rows of every room, from one engine.
class Database {
public:
    virtual ~Database() = default;
    virtual auth::UserStore &users() = 0;
    virtual auth::SessionStore &sessions() = 0;
    virtual auth::AttemptStore &attempts() = 0;
    virtual auth::CodeStore &codes() = 0;
    virtual auth::InviteStore &invites() = 0;
    virtual queue::JobQueue &jobs() = 0;
    virtual queue::Files &files() = 0;
    virtual queue::Uploads &uploads() = 0;
    virtual queue::Overview &overview() = 0;
    virtual notify::Outbox &outbox() = 0;
    virtual notify::WebhookStore &webhooks() = 0;

    /// Copies all rows into a new file that `database` can name.
    /// @param meanwhile is called while nothing changes: what it sees is what is copied. Who writes
    ///        waits for it.
    virtual void copy_to(const std::filesystem::path &file,
                         const std::function<void()> &meanwhile) = 0;
};

/// Opens a database and brings its schema up to date.
/// @param url "sqlite:" for a file in the data folder, "sqlite:PATH" for another.
/// @param keep_mp3 how long MP3s stay, from when they are made: file objects tell until when, where
///        it is given.
/// @throws Error{usage} for a scheme that is none of ours or a schema from a newer version;
///         Error{busy}, Error{local_file}.
std::unique_ptr<Database> open_database(const std::string &url,
                                        const std::filesystem::path &data_dir,
                                        const system::Clock &clock,
                                        std::optional<std::chrono::seconds> keep_mp3 = {});

} // namespace mp3conv::db
