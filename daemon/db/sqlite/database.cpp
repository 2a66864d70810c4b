#include "daemon/db/sqlite/database.hpp"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <sqlite3.h>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "daemon/db/sqlite/migrations.hpp"

namespace mp3conv::db::sqlite {
namespace {

std::unique_ptr<SQLite::Database> open_connection(const std::filesystem::path &file) {
    constexpr int patience_ms = 10'000; // how long a write waits for another thread's
    auto connection =
        std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE, patience_ms);
    // FULL in WAL mode flushes the log at every commit: what was acknowledged survives power loss.
    connection->exec("PRAGMA journal_mode=WAL;"
                     "PRAGMA synchronous=FULL;"
                     "PRAGMA foreign_keys=ON;"
                     "PRAGMA cache_size=-512;"); // KiB; many connections, small rows
    return connection;
}

} // namespace

Database::Database(std::filesystem::path file) : file_{std::move(file)} {
    open_file(file_.string(), O_RDWR | O_CREAT, 0600);
    read([](SQLite::Database &connection) { migrate(connection); });
}

void Database::copy_to(const std::filesystem::path &file, const std::function<void()> &meanwhile) {
    open_file(file.string(), O_RDWR | O_CREAT | O_EXCL, 0600);
    // A connection that writes cannot be copied from (SQLITE_BUSY): this one keeps the others from
    // writing, a second one reads.
    write([&](SQLite::Database &) {
        constexpr int all_pages = -1;
        SQLite::Database copy{file.string(), SQLite::OPEN_READWRITE};
        const auto source = open_connection(file_);
        SQLite::Backup backup{copy, *source};
        if (backup.executeStep(all_pages) != SQLITE_DONE) {
            throw Error{Errc::busy, "the server's database is not available; try again"};
        }
        meanwhile();
        return true;
    });
}

SQLite::Database &Database::connection() {
    return connections_.with([&](auto &connections) -> SQLite::Database & {
        auto &mine = connections[std::this_thread::get_id()];
        if (!mine) mine = open_connection(file_);
        return *mine;
    });
}

void Database::translate(const SQLite::Exception &e) {
    if (e.getErrorCode() == SQLITE_FULL) {
        throw Error{Errc::storage_full, "the server's disk is full; try again later", e.what()};
    }
    throw Error{Errc::busy, "the server's database is not available; try again", e.what()};
}

} // namespace mp3conv::db::sqlite
