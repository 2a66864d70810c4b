#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/support/server_process.hpp"

namespace mp3conv::test {

/// tests/support/smtp_server.py for as long as the object lives.
class SmtpServer {
public:
    explicit SmtpServer(std::vector<std::string> options = {}) :
        process_{"smtp_server.py", std::move(options)} {}

    std::string url(const std::string &scheme = "smtp") const {
        return scheme + "://127.0.0.1:" + process_.greeting();
    }

    std::string ca_file() const { return process_.folder() + "/ca.pem"; }

    /// @return the letter that came as the `number`th; empty where there is none.
    std::string letter(int number = 1) const {
        const std::string path = process_.folder() + '/' + std::to_string(number) + ".eml";
        return std::filesystem::exists(path) ? read_small_file(path) : "";
    }

private:
    ServerProcess process_;
};

} // namespace mp3conv::test
