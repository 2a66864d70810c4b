#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/system/network.hpp"
#include "tests/unit/support/server_process.hpp"

namespace mp3conv::test {

/// Where a receiver of tests is.
inline const std::vector<system::Network> loopback{*system::parse_network("127.0.0.0/8")};

/// tests/support/webhook_receiver.py for as long as the object lives.
class WebhookReceiver {
public:
    explicit WebhookReceiver(std::vector<std::string> options = {}) :
        process_{"webhook_receiver.py", std::move(options)} {}

    std::string url(const std::string &scheme = "http",
                    const std::string &host = "127.0.0.1") const {
        return scheme + "://" + host + ':' + process_.greeting() + "/hook";
    }

    int received() const {
        int count = 0;
        while (std::filesystem::exists(path(count + 1))) ++count;
        return count;
    }

    /// @return the request that came as the `number`th: method, path, headers, body.
    nlohmann::json request(int number = 1) const {
        return nlohmann::json::parse(read_small_file(path(number)));
    }

private:
    std::string path(int number) const {
        return process_.folder() + '/' + std::to_string(number) + ".json";
    }

    ServerProcess process_;
};

} // namespace mp3conv::test
