#pragma once

#include <string>

#include "daemon/system/random.hpp"
#include "tests/unit/support/server_process.hpp"

namespace mp3conv::test {

/// tests/support/postgres_server.py. All tests share one, each in a schema of its own.
class PostgresServer {
public:
    /// Started when somebody first asks; ends with the program.
    static PostgresServer &shared() {
        static PostgresServer server;
        return server;
    }

    /// @return a URL of rows that nobody has used.
    std::string url() {
        const std::string schema = "s" + system::random_id(8);
        process_.tell("sql CREATE SCHEMA " + schema);
        return process_.greeting() + "&options=-csearch_path%3D" + schema;
    }

    /// The server dies, and is started again.
    void kill() { process_.tell("kill"); }
    void start() { process_.tell("start"); }

private:
    PostgresServer() : process_{"postgres_server.py"} {}

    ServerProcess process_;
};

} // namespace mp3conv::test
