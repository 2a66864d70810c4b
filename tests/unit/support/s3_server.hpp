#pragma once

#include <string>

#include "daemon/system/random.hpp"
#include "tests/unit/support/server_process.hpp"

namespace mp3conv::test {

/// tests/support/s3_server.py: Ceph's. All tests share one, each below a prefix of its own.
class S3Server {
public:
    /// Started when somebody first asks; ends with the program.
    static S3Server &shared() {
        static S3Server server;
        return server;
    }

    /// @return a URL of what nobody has used.
    std::string url() const { return url_with(credentials()); }

    /// @return one that goes with those credentials: a file as AWS's programs have it.
    std::string url_with(const std::string &credentials) const {
        return "s3://bucket/" + system::random_id(8) + "?endpoint=" + process_.greeting() +
               "&credentials=" + credentials;
    }

    std::string credentials() const { return process_.folder() + "/credentials"; }

    /// The gateway dies, and is started again.
    void kill() { process_.tell("kill"); }
    void start() { process_.tell("start"); }

private:
    S3Server() : process_{"s3_server.py"} {}

    ServerProcess process_;
};

} // namespace mp3conv::test
