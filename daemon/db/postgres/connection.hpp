#pragma once

#include <array>
#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/db/postgres/result.hpp"
#include "daemon/db/postgres/value.hpp"

namespace mp3conv::db::postgres {

/// What the server, or the line to it, says is wrong. Database makes an Error of it.
class ServerError : public std::runtime_error {
public:
    ServerError(std::string state, const std::string &message) :
        std::runtime_error{message},
        state_{std::move(state)} {}

    /// SQLSTATE (PostgreSQL's manual, appendix A); empty where the server is not heard.
    const std::string &state() const noexcept { return state_; }

private:
    std::string state_;
};

/// What a NOTIFY brought.
struct Notification {
    std::string payload;
    bool is_own = false; ///< of the connection that heard it
};

/// One connection, for one thread at a time. Nothing stays in it from a statement to the next, so
/// that a pooler in transaction mode may stand between.
class Connection {
public:
    /// Connects; gives up after five seconds, unless the URL says otherwise, and so it does with a
    /// server that is not heard of while it owes an answer.
    /// @param url postgresql://, with whatever libpq knows.
    /// @throws Error{usage} for what is no such URL; ServerError.
    explicit Connection(const std::string &url);

    /// Runs one statement, its $1, $2 ... bound in order. @throws ServerError.
    template <typename... Values>
    Result execute(const char *sql, const Values &...values) {
        const std::array<Value, sizeof...(Values)> bound{to_value(values)...};
        return run(sql, bound);
    }
    template <typename... Values>
    Result execute(const std::string &sql, const Values &...values) {
        return execute(sql.c_str(), values...);
    }

    /// Runs statements without values, one after the other. @throws ServerError.
    void execute_all(const std::string &sql);

    using PutLine = std::function<void(std::string_view line)>;

    /// Runs a COPY ... FROM STDIN on the lines, in its text format, that `write` hands to what it
    /// is given; none is kept in memory.
    /// @return how many rows came. @throws ServerError, and what `write` throws.
    int64_t copy_in(const std::string &sql, const std::function<void(const PutLine &put)> &write);

    /// @return whether another statement can be tried: the line is there, as far as can be told
    ///         without asking, and no transaction is open.
    bool is_usable();

    /// @return those that have come. @throws ServerError.
    std::vector<Notification> take_notifications();

    PGconn *get() { return connection_.get(); }

private:
    Result run(const char *sql, std::span<const Value> values);
    Result checked(PGresult *result);
    std::vector<Notification> notifications();
    void discard_results();

    struct Finish {
        void operator()(PGconn *connection) const { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Finish> connection_;
};

/// BEGIN, and ROLLBACK unless it was committed. Who waits for a lock in it gives up after ten
/// seconds.
class Transaction {
public:
    explicit Transaction(Connection &connection);
    ~Transaction();
    Transaction(const Transaction &) = delete;

    void commit();

private:
    Connection &connection_;
    bool is_open_ = true;
};

/// @return the URL, if anyone may read it; else what of it anyone may: user, host, port and name.
/// @throws Error{usage} for what is no such URL.
std::string without_password(const std::string &url);

} // namespace mp3conv::db::postgres
