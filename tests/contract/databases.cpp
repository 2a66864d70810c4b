#include "tests/contract/databases.hpp"

#include <doctest/doctest.h>

#include "tests/unit/support/postgres_server.hpp"
#include "tests/unit/support/temp_dir.hpp"

namespace mp3conv::test {

void each_database(const DatabaseTest &test) {
    for (const std::string &url : {std::string{"sqlite:"}, PostgresServer::shared().url()}) {
        CAPTURE(url);
        const TempDir folder;
        FakeClock clock;
        const auto database = db::open_database(url, folder.path(), clock, keep_mp3);
        test(*database, clock);
    }
}

} // namespace mp3conv::test
