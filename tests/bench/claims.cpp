/// What it costs to take a job, by how many rows there are, and to queue one, by how many files its
/// owner had before: it should be the same.
///
///     claims FOLDER

#include <SQLiteCpp/SQLiteCpp.h>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "daemon/db/open.hpp"
#include "daemon/system/clock.hpp"

namespace {

using namespace mp3conv;
using namespace std::chrono_literals;

constexpr int users = 200;
constexpr int turns = 500;

const system::SystemClock system_clock;

/// @param owners how many of the users have files.
void fill(const std::filesystem::path &file, int finished, int queued, int owners) {
    SQLite::Database rows{file, SQLite::OPEN_READWRITE};
    SQLite::Transaction transaction{rows};
    const auto insert = [&](const std::string &what, int count) {
        rows.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                  std::to_string(count) + ") " + what);
    };
    insert("INSERT INTO users (email, password_hash, created_at) SELECT i, '', 0 FROM n", users);
    const std::string columns = "INSERT INTO files (id, owner, name, options, state, created_at, "
                                "due_at, source_blob, source_bytes, source_sha256) SELECT ";
    const std::string values = " || i, 1 + i % " + std::to_string(owners) + ", 'x', '{}', ";
    insert(columns + "'done'" + values + "'done', 0, 0, NULL, 1, i FROM n", finished);
    insert(columns + "'queued'" + values + "'queued', 0, 0, 'x', 1, i FROM n", queued);
    transaction.commit();
}

std::unique_ptr<db::Database> filled(const std::filesystem::path &folder, int finished, int queued,
                                     int owners) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    auto database =
        db::open_database("sqlite:" + (folder / "rows.db").string(), folder, system_clock);
    fill(folder / "rows.db", finished, queued, owners);
    return database;
}

/// @return microseconds that `act` takes.
template <typename Act>
double cost_us(Act &&act) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < turns; ++i) act(i);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    return took.count() / turns;
}

/// Takes a job and hands it back, each in a transaction of its own.
double claim_us(const std::filesystem::path &folder, int finished, int queued) {
    const auto database = filled(folder, finished, queued, users);
    return cost_us([&](int) {
        const auto job = database->jobs().reserve("bench", 60s);
        database->jobs().release(*job, 0s, false);
    });
}

double enqueue_us(const std::filesystem::path &folder, int finished) {
    const auto database = filled(folder, finished, 0, 1);
    return cost_us([&](int i) {
        database->jobs().enqueue({.id = "new" + std::to_string(i),
                                  .owner = system::UserId{1},
                                  .name = "talk.mp4",
                                  .options = {},
                                  .bytes = 1,
                                  .sha256 = "",
                                  .source_blob = "x"});
    });
}

} // namespace

int main(int, char **argv) {
    const std::filesystem::path folder = argv[1];
    double first = 0;
    const auto print = [&](double us) {
        if (first == 0) first = us;
        std::cout << us << " us, " << us / first << " of the first\n";
    };
    for (const auto &[finished, queued] :
         {std::pair{0, 1000}, std::pair{99'000, 1000}, std::pair{999'000, 1000},
          std::pair{0, 100'000}, std::pair{0, 1'000'000}}) {
        std::cout << "a claim, " << finished << " finished, " << queued << " queued: ";
        print(claim_us(folder, finished, queued));
    }
    first = 0;
    for (const int finished : {0, 100'000, 1'000'000}) {
        std::cout << "one more file of an owner with " << finished << " finished: ";
        print(enqueue_us(folder, finished));
    }
    std::filesystem::remove_all(folder);
}
