#include "cli/credentials.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/file.h>

#include "cli/globals.hpp"
#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

using nlohmann::json;

std::filesystem::path credentials_path() {
    return config_dir() / "credentials.json";
}

json read_credentials() {
    if (!std::filesystem::exists(credentials_path())) return json::object();
    json all = json::parse(read_small_file(credentials_path()), nullptr, false);
    if (all.is_object()) return all;
    throw Error{Errc::local_file,
                credentials_path().string() + ": damaged; remove it and log in again"};
}

/// Reads, changes and writes the file while no other mp3conv does.
template <typename Change>
void change_credentials(Change &&change) {
    std::error_code error;
    std::filesystem::create_directories(config_dir(), error);
    const Fd folder = open_file(config_dir(), O_RDONLY | O_DIRECTORY);
    ::flock(folder.get(), LOCK_EX);
    json all = read_credentials();
    change(all);
    AtomicFile file{credentials_path(), 0600};
    file.write(all.dump(2) + "\n");
    file.commit();
}

} // namespace

std::string find_token(const std::string &server) {
    if (const char *token = std::getenv("MP3CONV_TOKEN"); token != nullptr && *token != '\0') {
        return std::string{trim(token)};
    }
    if (const char *file = std::getenv("MP3CONV_TOKEN_FILE"); file != nullptr && *file != '\0') {
        return std::string{trim(read_small_file(file))};
    }
    const json all = read_credentials();
    const auto found = all.find(server);
    if (found == all.end()) {
        throw Error{Errc::not_logged_in,
                    "not logged in at " + server + "; run: mp3conv login EMAIL"};
    }
    return found->value("token", "");
}

void keep_credential(const std::string &server, const Credential &credential) {
    change_credentials([&](json &all) {
        all[server] = {{"email", credential.email}, {"token", credential.token}};
    });
}

void forget_credential(const std::string &server, const std::string &token) {
    if (!std::filesystem::exists(credentials_path())) return;
    change_credentials([&](json &all) {
        if (all.contains(server) && all[server].value("token", "") == token) all.erase(server);
    });
}

} // namespace mp3conv::cli
