#include "daemon/db/sqlite/code_store.hpp"

#include "daemon/db/sqlite/outbox.hpp"
#include "daemon/db/sqlite/user_store.hpp"

namespace mp3conv::db::sqlite {
namespace {

using notify::Kind;

// A window that ends further ahead than it is long was written under a clock that has been turned
// back since, and counts as over.
constexpr const char *note_code = R"sql(
INSERT INTO codes (email, kind, hash, expires_at, letters, window_end)
VALUES (:email, :kind, :hash, :expires_at, 1, :now + :per)
ON CONFLICT (email, kind) DO UPDATE
SET hash = excluded.hash, expires_at = excluded.expires_at,
    letters = iif(window_end BETWEEN :now + 1 AND :now + :per, letters + 1, 1),
    window_end = iif(window_end BETWEEN :now + 1 AND :now + :per, window_end, :now + :per)
WHERE letters < :most OR window_end NOT BETWEEN :now + 1 AND :now + :per
)sql";

std::string name_of(Kind kind) {
    return std::string{to_string(kind)};
}

/// @return false, and nothing is changed, where the address has had its letters.
bool note(SQLite::Database &connection, const auth::NewCode &code, Kind kind, Time now) {
    SQLite::Statement row{connection, note_code};
    row.bind(":email", code.email);
    row.bind(":kind", name_of(kind));
    row.bind(":hash", code.hash);
    row.bind(":expires_at", to_column(code.expires_at));
    row.bind(":now", to_column(now));
    row.bind(":per", std::chrono::milliseconds{code.allowance.per}.count());
    row.bind(":most", code.allowance.letters);
    return row.exec() > 0;
}

void leave_letter(SQLite::Database &connection, system::UserId user, const auth::NewCode &code,
                  Kind kind, Time now) {
    withdraw_notices(connection, user, kind);
    leave_notice(connection,
                 {.user = user, .kind = kind, .secret = code.code, .useful_until = code.expires_at},
                 now);
}

/// Uses a code up. @return whether it was good.
bool take(SQLite::Database &connection, const std::string &email, Kind kind,
          const std::string &hash, Time now) {
    return execute(connection,
                   "UPDATE codes SET hash = '' WHERE email = ? AND kind = ? AND hash = ? "
                   "AND expires_at > ?",
                   email, name_of(kind), hash, to_column(now)) > 0;
}

/// @return the ID that the statement returns for the e-mail, if it does.
std::optional<system::UserId> user_from(SQLite::Statement &row) {
    if (!row.executeStep()) return std::nullopt;
    const system::UserId user{row.getColumn(0).getInt64()};
    row.reset(); // lets the transaction commit
    return user;
}

system::UserId put_unverified(SQLite::Database &connection, const std::string &email,
                              const std::string &password_hash, Time now) {
    SQLite::Statement row{connection,
                          "INSERT INTO users (email, password_hash, created_at, verified) "
                          "VALUES (?, ?, ?, 0) ON CONFLICT (email) DO UPDATE "
                          "SET password_hash = excluded.password_hash RETURNING id"};
    SQLite::bind(row, email, password_hash, to_column(now));
    return *user_from(row);
}

bool is_verified(SQLite::Database &connection, const std::string &email) {
    SQLite::Statement row{connection, "SELECT 1 FROM users WHERE email = ? AND verified"};
    SQLite::bind(row, email);
    return row.executeStep();
}

std::optional<system::UserId> find_active(SQLite::Database &connection, const std::string &email) {
    SQLite::Statement row{connection,
                          "SELECT id FROM users WHERE email = ? AND verified AND NOT disabled"};
    SQLite::bind(row, email);
    return user_from(row);
}

} // namespace

auth::Waiting SqliteCodeStore::register_unverified(const auth::NewCode &code,
                                                   const std::string &password_hash) {
    const Time now = clock_.now();
    return database_.write([&](SQLite::Database &connection) {
        if (is_verified(connection, code.email)) return auth::Waiting::email_taken;
        if (!note(connection, code, Kind::verify_email, now)) {
            return auth::Waiting::too_many_letters;
        }
        const auto user = put_unverified(connection, code.email, password_hash, now);
        leave_letter(connection, user, code, Kind::verify_email, now);
        return auth::Waiting::code_sent;
    });
}

bool SqliteCodeStore::verify(const std::string &email, const std::string &code_hash) {
    return database_.write([&](SQLite::Database &connection) {
        return take(connection, email, Kind::verify_email, code_hash, clock_.now()) &&
               execute(connection, "UPDATE users SET verified = 1 WHERE email = ?", email) > 0;
    });
}

void SqliteCodeStore::begin_reset(const auth::NewCode &code) {
    const Time now = clock_.now();
    database_.write([&](SQLite::Database &connection) {
        const bool may_go = note(connection, code, Kind::reset_password, now);
        const auto user = find_active(connection, code.email);
        if (may_go && user) leave_letter(connection, *user, code, Kind::reset_password, now);
        return may_go;
    });
}

bool SqliteCodeStore::reset(const std::string &email, const std::string &code_hash,
                            const std::string &password_hash) {
    return database_.write([&](SQLite::Database &connection) {
        const auto user = find_active(connection, email);
        if (!user || !take(connection, email, Kind::reset_password, code_hash, clock_.now())) {
            return false;
        }
        set_password(connection, *user, password_hash);
        return true;
    });
}

void SqliteCodeStore::sweep(Time unverified_since) {
    database_.write([&](SQLite::Database &connection) {
        const auto now = to_column(clock_.now());
        execute(connection, "DELETE FROM users WHERE NOT verified AND created_at < ?",
                to_column(unverified_since));
        return execute(connection, "DELETE FROM codes WHERE expires_at <= ? AND window_end <= ?",
                       now, now);
    });
}

} // namespace mp3conv::db::sqlite
