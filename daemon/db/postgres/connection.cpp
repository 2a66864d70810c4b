#include "daemon/db/postgres/connection.hpp"

#include <vector>

#include "common/error.hpp"
#include "common/text.hpp"

namespace mp3conv::db::postgres {
namespace {

// What counts where the URL says nothing. A line that went dead is noticed within half a minute,
// not when TCP gives up after a quarter of an hour.
constexpr const char *defaults = "connect_timeout=5 keepalives_idle=10 keepalives_interval=5 "
                                 "keepalives_count=3 tcp_user_timeout=20000 "
                                 "application_name=mp3convd";

struct FreeOptions {
    void operator()(PQconninfoOption *options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Options parse(const std::string &url) {
    char *problem = nullptr;
    Options options{PQconninfoParse(url.c_str(), &problem)};
    const std::unique_ptr<char, decltype(&PQfreemem)> owned{problem, PQfreemem};
    if (!options) {
        throw Error{Errc::usage, "database: not a URL such as postgresql://USER@HOST/NAME",
                    problem ? problem : ""};
    }
    return options;
}

/// Keywords and values as PQconnectdbParams takes them: of two of the same the last counts.
struct Keywords {
    std::vector<const char *> names;
    std::vector<const char *> values;

    void add(const Options &options) {
        for (const auto *option = options.get(); option->keyword != nullptr; ++option) {
            if (option->val == nullptr) continue;
            names.push_back(option->keyword);
            values.push_back(option->val);
        }
    }

    void end() {
        names.push_back(nullptr);
        values.push_back(nullptr);
    }
};

PGconn *connect(const std::string &url) {
    const auto ours = parse(defaults);
    const auto theirs = parse(url);
    Keywords keywords;
    keywords.add(ours);
    keywords.add(theirs);
    keywords.names.push_back("client_encoding");
    keywords.values.push_back("UTF8");
    keywords.end();
    constexpr int expand_name = 0;
    return PQconnectdbParams(keywords.names.data(), keywords.values.data(), expand_name);
}

/// A notice is of no use to us, and libpq would write it to standard error.
void ignore_notice(void *, const PGresult *) {}

std::string message_of(const char *text) {
    return printable(trim(text));
}

} // namespace

Connection::Connection(const std::string &url) : connection_{connect(url)} {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        throw ServerError{"", message_of(PQerrorMessage(connection_.get()))};
    }
    PQsetNoticeReceiver(connection_.get(), ignore_notice, nullptr);
}

Result Connection::checked(PGresult *result) {
    Result owned{result};
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) {
        return owned;
    }
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    throw ServerError{state ? state : "", message_of(PQerrorMessage(connection_.get()))};
}

Result Connection::run(const char *sql, std::span<const Value> values) {
    std::vector<Oid> types;
    std::vector<const char *> texts;
    for (const auto &[type, text] : values) {
        types.push_back(type);
        texts.push_back(text ? text->c_str() : nullptr);
    }
    constexpr int as_text = 0;
    return checked(PQexecParams(connection_.get(), sql, static_cast<int>(values.size()),
                                types.data(), texts.data(), nullptr, nullptr, as_text));
}

void Connection::execute_all(const std::string &sql) {
    checked(PQexec(connection_.get(), sql.c_str()));
}

std::vector<Notification> Connection::take_notifications() {
    if (PQconsumeInput(connection_.get()) == 0) {
        throw ServerError{"", message_of(PQerrorMessage(connection_.get()))};
    }
    return notifications();
}

std::vector<Notification> Connection::notifications() {
    std::vector<Notification> all;
    using Heard = std::unique_ptr<PGnotify, decltype(&PQfreemem)>;
    while (const Heard heard{PQnotifies(connection_.get()), PQfreemem}) {
        all.push_back({heard->extra, heard->be_pid == PQbackendPID(connection_.get())});
    }
    return all;
}

int64_t Connection::copy_in(const std::string &sql,
                            const std::function<void(const PutLine &put)> &write) {
    execute_all(sql);
    try {
        write([this](std::string_view line) {
            const int put =
                PQputCopyData(connection_.get(), line.data(), static_cast<int>(line.size()));
            if (put != 1) throw ServerError{"", message_of(PQerrorMessage(connection_.get()))};
        });
    } catch (...) {
        PQputCopyEnd(connection_.get(), "given up");
        discard_results();
        throw;
    }
    PQputCopyEnd(connection_.get(), nullptr); // what is wrong with it, the result tells
    const Result all = checked(PQgetResult(connection_.get()));
    discard_results();
    return all.changed();
}

void Connection::discard_results() {
    while (PGresult *result = PQgetResult(connection_.get())) PQclear(result);
}

bool Connection::is_usable() {
    PGconn *connection = connection_.get();
    // The end of the line lies in the socket already where the server was stopped.
    if (PQtransactionStatus(connection) != PQTRANS_IDLE || PQconsumeInput(connection) != 1) {
        return false;
    }
    // Those that a pooler's connection still gets, for who had it before; libpq would keep them.
    notifications();
    return PQstatus(connection) == CONNECTION_OK;
}

Transaction::Transaction(Connection &connection) : connection_{connection} {
    connection_.execute_all("BEGIN; SET LOCAL lock_timeout = '10s'");
}

Transaction::~Transaction() {
    if (!is_open_) return;
    try {
        connection_.execute_all("ROLLBACK");
    } catch (const ServerError &) {
        // The connection is not usable any more, and the server rolls back at its end.
    }
}

void Transaction::commit() {
    is_open_ = false;
    connection_.execute_all("COMMIT");
}

std::string without_password(const std::string &url) {
    const auto options = parse(url);
    const auto part = [&](std::string_view keyword, const std::string &before,
                          const std::string &after) -> std::string {
        for (const auto *option = options.get(); option->keyword != nullptr; ++option) {
            if (option->keyword == keyword && option->val) return before + option->val + after;
        }
        return {};
    };
    const bool has_secret =
        !part("password", "", "").empty() || !part("sslpassword", "", "").empty();
    if (!has_secret) return url;
    return "postgresql://" + part("user", "", "@") + part("host", "", "") + part("port", ":", "") +
           part("dbname", "/", "");
}

} // namespace mp3conv::db::postgres
