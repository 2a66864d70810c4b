#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/auth/attempt_store.hpp"
#include "daemon/auth/code_store.hpp"
#include "daemon/auth/invite_store.hpp"
#include "daemon/auth/session_store.hpp"
#include "daemon/auth/user_store.hpp"
#include "daemon/db/rows.hpp"
#include "daemon/db/tables.hpp"
#include "daemon/notify/outbox.hpp"
#include "daemon/notify/webhook_store.hpp"
#include "daemon/queue/files.hpp"
#include "daemon/queue/job_queue.hpp"
#include "daemon/queue/overview.hpp"
#include "daemon/queue/uploads.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::db {

/// Bells by the names that all machines know them by.
using NamedBells = std::vector<std::pair<std::string, system::Bell &>>;

/// While it lives, bells that ring on one machine ring on all that share the rows.
class Wire {
public:
    virtual ~Wire() = default;
};

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

    /// Joins the bells to those of the same names on other machines. What rings while that cannot
    /// be had is missed: who waits for a bell has to look now and then all the same.
    /// @return nullptr where the rows are one machine's own. The bells have to outlive it, and none
    ///         may ring before it is there or once it is gone.
    virtual std::unique_ptr<Wire> join(NamedBells bells) = 0;

    /// @return whether the rows are in a file of this machine, for it alone: then copy_to can be
    ///         had; else they are in a server's care, may be away for a while, and are shared.
    virtual bool is_local() const = 0;

    /// Copies all rows into a new file that `database` can name.
    /// @param meanwhile is called while nothing changes: what it sees is what is copied. Who writes
    ///        waits for it.
    /// @throws Error{usage} where it cannot be had.
    virtual void copy_to(const std::filesystem::path &file,
                         const std::function<void()> &meanwhile) = 0;

    /// All rows, to be copied into another engine. @throws Error{usage} where that cannot be had.
    virtual TableReader &table_reader() = 0;

    /// All rows, to become the copy of another engine's. @throws Error{usage} likewise.
    virtual TableWriter &table_writer() = 0;

    /// Daemons work on these rows from now on: no copy is made of them any more.
    virtual void move_in() = 0;
};

/// Opens a database and brings its schema up to date.
/// @param url "sqlite:" for a file in the data folder, "sqlite:PATH" for another; "postgresql://"
///        with whatever libpq knows.
/// @param keep_mp3 how long MP3s stay, from when they are made: file objects tell until when, where
///        it is given.
/// @throws Error{usage} for a scheme that is none of ours or a schema from a newer version;
///         Error{busy}, Error{local_file}.
std::unique_ptr<Database> open_database(const std::string &url,
                                        const std::filesystem::path &data_dir,
                                        const system::Clock &clock, KeepMp3 keep_mp3 = {});

/// @return the URL as anyone may read it: without a password.
std::string shown_database(const std::string &url);

} // namespace mp3conv::db
