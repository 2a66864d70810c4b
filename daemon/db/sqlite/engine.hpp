#pragma once

#include <filesystem>

#include "common/error.hpp"
#include "daemon/db/open.hpp"
#include "daemon/db/sqlite/attempt_store.hpp"
#include "daemon/db/sqlite/code_store.hpp"
#include "daemon/db/sqlite/database.hpp"
#include "daemon/db/sqlite/files.hpp"
#include "daemon/db/sqlite/invite_store.hpp"
#include "daemon/db/sqlite/job_queue.hpp"
#include "daemon/db/sqlite/outbox.hpp"
#include "daemon/db/sqlite/overview.hpp"
#include "daemon/db/sqlite/session_store.hpp"
#include "daemon/db/sqlite/tables.hpp"
#include "daemon/db/sqlite/uploads.hpp"
#include "daemon/db/sqlite/user_store.hpp"
#include "daemon/db/sqlite/webhook_store.hpp"

namespace mp3conv::db::sqlite {

/// Every room's rows in one SQLite file.
class Engine final : public db::Database {
public:
    Engine(const std::filesystem::path &file, const system::Clock &clock,
           std::optional<std::chrono::seconds> keep_mp3) :
        database_{file},
        users_{database_, clock},
        sessions_{database_, clock},
        attempts_{database_, clock},
        codes_{database_, clock},
        invites_{database_, clock},
        jobs_{database_, clock},
        files_{database_, clock, keep_mp3},
        uploads_{database_, clock},
        overview_{database_, clock},
        outbox_{database_, clock, keep_mp3},
        webhooks_{database_},
        tables_{database_} {}

    auth::UserStore &users() override { return users_; }
    auth::SessionStore &sessions() override { return sessions_; }
    auth::AttemptStore &attempts() override { return attempts_; }
    auth::CodeStore &codes() override { return codes_; }
    auth::InviteStore &invites() override { return invites_; }
    queue::JobQueue &jobs() override { return jobs_; }
    queue::Files &files() override { return files_; }
    queue::Uploads &uploads() override { return uploads_; }
    queue::Overview &overview() override { return overview_; }
    notify::Outbox &outbox() override { return outbox_; }
    notify::WebhookStore &webhooks() override { return webhooks_; }
    std::unique_ptr<Wire> join(NamedBells) override { return nullptr; }
    bool is_local() const override { return true; }
    void copy_to(const std::filesystem::path &file,
                 const std::function<void()> &meanwhile) override {
        database_.copy_to(file, meanwhile);
    }
    TableReader &table_reader() override { return tables_; }
    TableWriter &table_writer() override {
        throw Error{Errc::usage, "rows can be copied to PostgreSQL only, postgresql://..."};
    }
    void move_in() override {} // a file of this machine never becomes a copy

private:
    sqlite::Database database_;
    SqliteUserStore users_;
    SqliteSessionStore sessions_;
    SqliteAttemptStore attempts_;
    SqliteCodeStore codes_;
    SqliteInviteStore invites_;
    SqliteJobQueue jobs_;
    SqliteFiles files_;
    SqliteUploads uploads_;
    SqliteOverview overview_;
    SqliteOutbox outbox_;
    SqliteWebhookStore webhooks_;
    SqliteTables tables_;
};

} // namespace mp3conv::db::sqlite
