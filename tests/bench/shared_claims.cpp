/// How many jobs a second several daemons take off one queue, by how many there are; and one daemon
/// by how many rows of files there are that ended, and of some that wait.
///
///     shared_claims POSTGRESQL-URL
///
/// The database has to be empty. Each daemon is a thread with connections of its own.

#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>
#include <vector>

#include "daemon/db/open.hpp"
#include "daemon/db/postgres/connection.hpp"
#include "daemon/system/clock.hpp"

namespace {

using namespace mp3conv;
using namespace std::chrono_literals;

constexpr int users = 100;
constexpr int jobs_each = 20;
constexpr auto time_each = 5s;

const system::SystemClock system_clock;

void fill(db::Database &rows) {
    for (int user = 0; user < users; ++user) {
        const std::string name = std::to_string(user);
        const auto owner = *rows.users().add(name + "@example.org", "hash");
        for (int i = 0; i < jobs_each; ++i) {
            rows.jobs().enqueue({.id = name + "x" + std::to_string(i),
                                 .owner = owner,
                                 .name = "talk.mp4",
                                 .options = {},
                                 .bytes = 1,
                                 .sha256 = "",
                                 .source_blob = "x"});
        }
    }
}

/// Each takes a job, and hands it back.
double claims_a_second(const std::string &url, int daemons) {
    std::vector<std::unique_ptr<db::Database>> rows;
    for (int i = 0; i < daemons; ++i) rows.push_back(db::open_database(url, ".", system_clock));
    std::atomic<int> claims = 0;
    const auto end = std::chrono::steady_clock::now() + time_each;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < daemons; ++i) {
            threads.emplace_back([&, i] {
                const std::string name = "daemon" + std::to_string(i);
                while (std::chrono::steady_clock::now() < end) {
                    const auto job = rows[static_cast<size_t>(i)]->jobs().reserve(name, 60s);
                    if (!job) continue;
                    rows[static_cast<size_t>(i)]->jobs().release(*job, 0s, false);
                    ++claims;
                }
            });
        }
    }
    return claims / std::chrono::duration<double>{time_each}.count();
}

void add_files(const std::string &url, const std::string &state, int count) {
    db::postgres::Connection connection{url};
    connection.execute_all(
        "INSERT INTO files (id, owner, name, options, state, created_at, due_at, source_blob, "
        "source_bytes, source_sha256) SELECT '" +
        state + "' || i, (SELECT min(id) FROM users) + i % " + std::to_string(users) +
        ", 'x', '{}', '" + state + "', 0, 0, 'x', 1, '' FROM generate_series(1, " +
        std::to_string(count) + ") i");
    connection.execute_all("ANALYZE files");
}

} // namespace

int main(int, char **argv) {
    const std::string url = argv[1];
    fill(*db::open_database(url, ".", system_clock));
    const double one = claims_a_second(url, 1);
    for (const int daemons : {1, 2, 4, 8}) {
        const double rate = daemons == 1 ? one : claims_a_second(url, daemons);
        std::cout << daemons << " daemons: " << rate << " claims a second, " << rate / one
                  << " of one's\n";
    }
    for (const auto &[state, count] :
         {std::pair{"done", 1'000'000}, std::pair{"queued", 100'000}}) {
        add_files(url, state, count);
        const double rate = claims_a_second(url, 1);
        std::cout << "1 daemon with " << count << " more files " << state << ": " << rate
                  << " claims a second, " << rate / one << " of without\n";
    }
}
