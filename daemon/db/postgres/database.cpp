#include "daemon/db/postgres/database.hpp"

#include "common/error.hpp"
#include "daemon/db/postgres/migrations.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::db::postgres {
namespace {

namespace log = system::log;
using std::chrono::milliseconds;

/// Half of what is allowed between two machines.
void compare_clocks(Connection &connection) {
    const auto theirs =
        connection.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
            .front()
            .time(0);
    const auto ours = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    const auto by = std::chrono::abs(ours - theirs);
    if (2 * by <= clock_skew) return;
    log::warning("this machine's clock and the database server's differ; set them right",
                 {{"by_s", std::to_string(std::chrono::floor<std::chrono::seconds>(by).count())}});
}

} // namespace

Database::Database(const std::string &url) : pool_{url} {
    write([](Connection &connection) {
        migrate(connection);
        compare_clocks(connection);
        return true;
    });
}

bool Database::is_conflict(const ServerError &e) {
    constexpr const char *serialization_failure = "40001";
    constexpr const char *deadlock_detected = "40P01";
    return e.state() == serialization_failure || e.state() == deadlock_detected;
}

void Database::translate(const ServerError &e) {
    constexpr const char *disk_full = "53100";
    if (e.state() == disk_full) {
        throw Error{Errc::storage_full, "the server's disk is full; try again later", e.what()};
    }
    throw Error{Errc::busy, "the server's database is not available; try again", e.what()};
}

} // namespace mp3conv::db::postgres
