#pragma once

#include <string>

#include "common/error.hpp"
#include "daemon/db/open.hpp"
#include "daemon/db/postgres/attempt_store.hpp"
#include "daemon/db/postgres/code_store.hpp"
#include "daemon/db/postgres/database.hpp"
#include "daemon/db/postgres/files.hpp"
#include "daemon/db/postgres/invite_store.hpp"
#include "daemon/db/postgres/job_queue.hpp"
#include "daemon/db/postgres/outbox.hpp"
#include "daemon/db/postgres/overview.hpp"
#include "daemon/db/postgres/relay.hpp"
#include "daemon/db/postgres/session_store.hpp"
#include "daemon/db/postgres/tables.hpp"
#include "daemon/db/postgres/uploads.hpp"
#include "daemon/db/postgres/user_store.hpp"
#include "daemon/db/postgres/webhook_store.hpp"

namespace mp3conv::db::postgres {

/// Every room's rows in a PostgreSQL database, which daemons on several machines may share.
class Engine final : public db::Database {
public:
    /// As postgres::Database.
    Engine(const std::string &url, const system::Clock &clock, KeepMp3 keep_mp3) :
        url_{url},
        database_{url},
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
        tables_{database_, clock} {}

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
    std::unique_ptr<Wire> join(NamedBells bells) override {
        return std::make_unique<Relay>(url_, std::move(bells));
    }
    bool is_local() const override { return false; }
    void copy_to(const std::filesystem::path &, const std::function<void()> &) override {
        throw Error{Errc::usage, "rows in PostgreSQL are copied with pg_dump"};
    }
    TableReader &table_reader() override {
        throw Error{Errc::usage, "rows in PostgreSQL are copied with pg_dump"};
    }
    TableWriter &table_writer() override { return tables_; }
    void move_in() override { tables_.move_in(); }

private:
    std::string url_;
    postgres::Database database_;
    PostgresUserStore users_;
    PostgresSessionStore sessions_;
    PostgresAttemptStore attempts_;
    PostgresCodeStore codes_;
    PostgresInviteStore invites_;
    PostgresJobQueue jobs_;
    PostgresFiles files_;
    PostgresUploads uploads_;
    PostgresOverview overview_;
    PostgresOutbox outbox_;
    PostgresWebhookStore webhooks_;
    PostgresTables tables_;
};

} // namespace mp3conv::db::postgres
