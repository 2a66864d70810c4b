#include "daemon/db/postgres/code_store.hpp"

#include "daemon/db/postgres/outbox.hpp"
#include "daemon/db/postgres/user_store.hpp"

namespace mp3conv::db::postgres {
namespace {

using notify::Kind;

// A window that ends further ahead than it is long was written under a clock that has been turned
// back since, and counts as over.
constexpr const char *note_code = R"sql(
INSERT INTO codes (email, kind, hash, expires_at, letters, window_end)
VALUES ($1, $2, $3, $4, 1, $5 + $6)
ON CONFLICT (email, kind) DO UPDATE
SET hash = excluded.hash, expires_at = excluded.expires_at,
    letters = CASE WHEN codes.window_end BETWEEN $5 + 1 AND $5 + $6 THEN codes.letters + 1
              ELSE 1 END,
    window_end = CASE WHEN codes.window_end BETWEEN $5 + 1 AND $5 + $6 THEN codes.window_end
                 ELSE $5 + $6 END
WHERE codes.letters < $7 OR codes.window_end NOT BETWEEN $5 + 1 AND $5 + $6
)sql";

std::string name_of(Kind kind) {
    return std::string{to_string(kind)};
}

/// @return false, and nothing is changed, where the address has had its letters.
bool note(Connection &connection, const auth::NewCode &code, Kind kind, Time now) {
    const int64_t per_ms = std::chrono::milliseconds{code.allowance.per}.count();
    return connection
               .execute(note_code, code.email, name_of(kind), code.hash, code.expires_at, now,
                        per_ms, code.allowance.letters)
               .changed() > 0;
}

void leave_letter(Connection &connection, system::UserId user, const auth::NewCode &code, Kind kind,
                  Time now) {
    withdraw_notices(connection, user, kind);
    leave_notice(connection,
                 {.user = user, .kind = kind, .secret = code.code, .useful_until = code.expires_at},
                 now);
}

/// Uses a code up. @return whether it was good.
bool take(Connection &connection, const std::string &email, Kind kind, const std::string &hash,
          Time now) {
    return connection
               .execute("UPDATE codes SET hash = '' WHERE email = $1 AND kind = $2 AND hash = $3 "
                        "AND expires_at > $4",
                        email, name_of(kind), hash, now)
               .changed() > 0;
}

/// @return the ID that a statement brought, if it did.
std::optional<system::UserId> user_from(const Result &found) {
    if (found.empty()) return std::nullopt;
    return system::UserId{found.front().integer(0)};
}

/// @return nullopt where the account has been verified meanwhile.
std::optional<system::UserId> put_unverified(Connection &connection, const std::string &email,
                                             const std::string &password_hash, Time now) {
    return user_from(connection.execute(
        "INSERT INTO users (email, password_hash, created_at, verified) "
        "VALUES ($1, $2, $3, false) ON CONFLICT (email) DO UPDATE "
        "SET password_hash = excluded.password_hash WHERE NOT users.verified RETURNING id",
        email, password_hash, now));
}

/// Keeps an account that is there as it is until the transaction ends.
bool is_verified(Connection &connection, const std::string &email) {
    const auto found =
        connection.execute("SELECT verified FROM users WHERE email = $1 FOR UPDATE", email);
    return !found.empty() && found.front().flag(0);
}

std::optional<system::UserId> find_active(Connection &connection, const std::string &email) {
    return user_from(connection.execute(
        "SELECT id FROM users WHERE email = $1 AND verified AND NOT disabled", email));
}

} // namespace

auth::Waiting PostgresCodeStore::register_unverified(const auth::NewCode &code,
                                                     const std::string &password_hash) {
    const Time now = clock_.now();
    return database_.write([&](Connection &connection) {
        if (is_verified(connection, code.email)) return auth::Waiting::email_taken;
        if (!note(connection, code, Kind::verify_email, now)) {
            return auth::Waiting::too_many_letters;
        }
        const auto user = put_unverified(connection, code.email, password_hash, now);
        if (!user) return auth::Waiting::email_taken;
        leave_letter(connection, *user, code, Kind::verify_email, now);
        return auth::Waiting::code_sent;
    });
}

bool PostgresCodeStore::verify(const std::string &email, const std::string &code_hash) {
    return database_.write([&](Connection &connection) {
        return take(connection, email, Kind::verify_email, code_hash, clock_.now()) &&
               connection.execute("UPDATE users SET verified = true WHERE email = $1", email)
                       .changed() > 0;
    });
}

void PostgresCodeStore::begin_reset(const auth::NewCode &code) {
    const Time now = clock_.now();
    database_.write([&](Connection &connection) {
        const bool may_go = note(connection, code, Kind::reset_password, now);
        const auto user = find_active(connection, code.email);
        if (may_go && user) leave_letter(connection, *user, code, Kind::reset_password, now);
        return may_go;
    });
}

bool PostgresCodeStore::reset(const std::string &email, const std::string &code_hash,
                              const std::string &password_hash) {
    return database_.write([&](Connection &connection) {
        const auto user = find_active(connection, email);
        if (!user || !take(connection, email, Kind::reset_password, code_hash, clock_.now())) {
            return false;
        }
        set_password(connection, *user, password_hash);
        return true;
    });
}

void PostgresCodeStore::sweep(Time unverified_since) {
    database_.write([&](Connection &connection) {
        connection.execute("DELETE FROM users WHERE NOT verified AND created_at < $1",
                           unverified_since);
        return connection.execute("DELETE FROM codes WHERE expires_at <= $1 AND window_end <= $1",
                                  clock_.now());
    });
}

} // namespace mp3conv::db::postgres
