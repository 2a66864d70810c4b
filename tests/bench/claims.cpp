/// What it costs to take a job, by how many rows there are: it should be the same.
///
///     claims FOLDER

#include <SQLiteCpp/SQLiteCpp.h>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "daemon/db/open.hpp"
#include "daemon/system/clock.hpp"

namespace {

using namespace mp3conv;
using namespace std::chrono_literals;

constexpr int users = 200;
constexpr int claims = 500;

void fill(const std::filesystem::path &file, int finished, int queued) {
    SQLite::Database rows{file, SQLite::OPEN_READWRITE};
    SQLite::Transaction transaction{rows};
    const auto insert = [&](const std::string &what, int count) {
        rows.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                  std::to_string(count) + ") " + what);
    };
    insert("INSERT INTO users (email, password_hash, created_at) SELECT i, '', 0 FROM n", users);
    const std::string columns = "INSERT INTO files (id, owner, name, options, state, created_at, "
                                "due_at, source_blob, source_bytes, source_sha256) SELECT ";
    const std::string values = " || i, 1 + i % " + std::to_string(users) + ", 'x', '{}', ";
    insert(columns + "'done'" + values + "'done', 0, 0, NULL, 1, i FROM n", finished);
    insert(columns + "'queued'" + values + "'queued', 0, 0, 'x', 1, i FROM n", queued);
    transaction.commit();
}

/// @return microseconds to take a job and to hand it back, each in a transaction of its own.
double cost_us(const std::filesystem::path &folder, int finished, int queued) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const system::SystemClock clock;
    const auto database =
        db::open_database("sqlite:" + (folder / "rows.db").string(), folder, clock);
    fill(folder / "rows.db", finished, queued);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < claims; ++i) {
        const auto job = database->jobs().reserve("bench", 60s);
        database->jobs().release(*job, 0s, false);
    }
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    return took.count() / claims;
}

} // namespace

int main(int, char **argv) {
    const std::filesystem::path folder = argv[1];
    const double first = cost_us(folder, 0, 1000);
    const auto print = [&](int finished, int queued, double us) {
        std::cout << finished << " finished, " << queued << " queued: " << us << " us, "
                  << us / first << " of the first\n";
    };
    print(0, 1000, first);
    for (const auto &[finished, queued] : {std::pair{99'000, 1000}, std::pair{999'000, 1000},
                                           std::pair{0, 100'000}, std::pair{0, 1'000'000}}) {
        print(finished, queued, cost_us(folder, finished, queued));
    }
    std::filesystem::remove_all(folder);
}
