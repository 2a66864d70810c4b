#include "cli/credentials.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/globals.hpp"
#include "cli/json_store.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

using nlohmann::json;

JsonStore store() {
    return JsonStore{config_dir() / "credentials.json"};
}

} // namespace

std::string find_token(const std::string &server) {
    if (const char *token = std::getenv("MP3CONV_TOKEN"); token != nullptr && *token != '\0') {
        return std::string{trim(token)};
    }
    if (const char *file = std::getenv("MP3CONV_TOKEN_FILE"); file != nullptr && *file != '\0') {
        return std::string{trim(read_small_file(file))};
    }
    const json all = store().read();
    const auto found = all.find(server);
    if (found == all.end()) {
        throw Error{Errc::not_logged_in,
                    "not logged in at " + server + "; run: mp3conv login EMAIL"};
    }
    return found->value("token", "");
}

void keep_credential(const std::string &server, const Credential &credential) {
    store().change([&](json &all) {
        all[server] = {{"email", credential.email}, {"token", credential.token}};
    });
}

void forget_credential(const std::string &server, const std::string &token) {
    const auto is_kept = [&](const json &all) {
        return all.contains(server) && all[server].value("token", "") == token;
    };
    if (!is_kept(store().read())) return;
    store().change([&](json &all) {
        if (is_kept(all)) all.erase(server);
    });
}

} // namespace mp3conv::cli
