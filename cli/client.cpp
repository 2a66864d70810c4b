#include "cli/client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

using nlohmann::json;

constexpr size_t shortest_prefix = 4;
constexpr size_t page_files = 1000; // as many as the server puts on a page

std::string file_path(const std::string &id) {
    return "/v1/files/" + url_encode(id);
}

std::string upload_path(const Upload &upload) {
    std::string path = "/v1/files?name=" + url_encode(upload.name);
    for (const auto &[name, value] : option_fields(upload.options)) {
        path += "&" + name + "=" + url_encode(value);
    }
    return path;
}

/// @return what `read` makes of the answer.
template <typename Read>
auto understand(Read &&read) {
    try {
        return read();
    } catch (const json::exception &e) {
        throw Error{Errc::bad_request, "the server's answer makes no sense", e.what()};
    }
}

} // namespace

json Client::ask(Request request) {
    request.token = token_;
    const std::string body = http_.send(request);
    return body.empty() ? json{} : understand([&] { return json::parse(body); });
}

void Client::register_account(const std::string &email, const std::string &password) {
    const json body{{"email", email}, {"password", password}};
    ask({.method = "POST", .path = "/v1/register", .json = body.dump()});
}

Login Client::login(const std::string &email, const std::string &password) {
    const json body{{"email", email}, {"password", password}};
    const json answer = ask({.method = "POST", .path = "/v1/login", .json = body.dump()});
    return understand([&] { return Login{answer.at("token"), answer.at("expires_at")}; });
}

void Client::logout() {
    ask({.method = "POST", .path = "/v1/logout"});
}

json Client::account() {
    return ask({.path = "/v1/me"});
}

FileObject Client::upload(const Upload &upload) {
    return parse_file_object(ask({.method = "POST",
                                  .path = upload_path(upload),
                                  .read = upload.read,
                                  .read_bytes = upload.bytes}));
}

FileObject Client::find(const std::string &id, std::chrono::seconds patience) {
    const std::string wait =
        patience.count() > 0 ? "?wait=" + std::to_string(patience.count()) : std::string{};
    return parse_file_object(ask({.path = file_path(id) + wait}));
}

std::vector<FileObject> Client::list(std::optional<State> state, size_t limit) {
    std::vector<FileObject> files;
    std::string cursor;
    do {
        const size_t wanted = std::min(limit - files.size(), page_files);
        std::string path = "/v1/files?limit=" + std::to_string(wanted);
        if (state) path += "&state=" + std::string{to_string(*state)};
        if (!cursor.empty()) path += "&cursor=" + url_encode(cursor);
        const json page = ask({.path = path});
        understand([&] {
            for (const json &file : page.at("files")) files.push_back(parse_file_object(file));
            cursor = page.value("next_cursor", "");
            return 0;
        });
    } while (!cursor.empty() && files.size() < limit);
    return files;
}

FileObject Client::cancel(const std::string &id) {
    return parse_file_object(ask({.method = "POST", .path = file_path(id) + "/cancel"}));
}

FileObject Client::retry(const std::string &id) {
    return parse_file_object(ask({.method = "POST", .path = file_path(id) + "/retry"}));
}

void Client::remove(const std::string &id) {
    ask({.method = "DELETE", .path = file_path(id)});
}

void Client::download(const std::string &id, const std::function<void(std::string_view)> &write) {
    ask({.path = file_path(id) + "/mp3", .write = write});
}

std::string Client::complete_id(const std::string &prefix) {
    if (prefix.size() >= file_id_length) return prefix;
    if (prefix.size() < shortest_prefix) {
        throw Error{Errc::usage, prefix + ": too short for a file ID; give at least " +
                                     std::to_string(shortest_prefix) + " characters"};
    }
    const json page = ask({.path = "/v1/files?limit=2&prefix=" + url_encode(prefix)});
    return understand([&] {
        const json &files = page.at("files");
        if (files.size() == 1) return files[0].at("id").get<std::string>();
        throw Error{Errc::not_found, files.empty() ? "there is no file with this ID among yours"
                                                   : "several file IDs start so; give more of it"};
    });
}

} // namespace mp3conv::cli
