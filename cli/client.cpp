#include "cli/client.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/base64.hpp"
#include "common/error.hpp"
#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

using nlohmann::json;

constexpr size_t shortest_prefix = 4;
constexpr size_t page_files = 1000; // as many as the server puts on a page

constexpr const char *webhook_path = "/v1/me/webhook";
constexpr const char *tus_version = "Tus-Resumable: 1.0.0";

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

} // namespace

/// @return what `read` makes of an answer.
template <typename Read>
auto Client::understand(Read &&read) const {
    try {
        return read();
    } catch (const json::exception &e) {
        no_sense(e.what());
    }
}

void Client::no_sense(const std::string &cause) const {
    throw Error{Errc::bad_request,
                "what " + http_.server() + " answered makes no sense; is it an mp3convd?", cause};
}

FileObject Client::understand_file(const json &object) const {
    try {
        return parse_file_object(object);
    } catch (const Error &e) {
        no_sense(describe(e));
    }
}

json Client::require_member(json answer, const char *name) const {
    understand([&] { return answer.at(name).size(); });
    return answer;
}

json Client::ask(Request request) {
    request.token = token_;
    const std::string body = http_.send(request);
    return body.empty() ? json{} : understand([&] { return json::parse(body); });
}

bool Client::register_account(const std::string &email, const std::string &password,
                              const std::string &invite) {
    json body{{"email", email}, {"password", password}};
    if (!invite.empty()) body["invite"] = invite;
    const json answer = ask({.method = "POST", .path = "/v1/register", .json = body.dump()});
    return understand([&] { return answer.value("verified", true); });
}

void Client::verify(const std::string &email, const std::string &password,
                    const std::string &code) {
    const json body{{"email", email}, {"password", password}, {"code", code}};
    ask({.method = "POST", .path = "/v1/verify", .json = body.dump()});
}

void Client::change_password(const std::string &password, const std::string &new_password) {
    const json body{{"password", password}, {"new_password", new_password}};
    ask({.method = "POST", .path = "/v1/password/change", .json = body.dump()});
}

void Client::delete_account(const std::string &password) {
    const json body{{"password", password}};
    ask({.method = "POST", .path = "/v1/me/delete", .json = body.dump()});
}

void Client::request_reset(const std::string &email) {
    const json body{{"email", email}};
    ask({.method = "POST", .path = "/v1/password/reset", .json = body.dump()});
}

void Client::reset_password(const std::string &email, const std::string &code,
                            const std::string &new_password) {
    const json body{{"email", email}, {"code", code}, {"new_password", new_password}};
    ask({.method = "POST", .path = "/v1/password/reset/confirm", .json = body.dump()});
}

Login Client::login(const std::string &email, const std::string &password) {
    const json body{{"email", email}, {"password", password}};
    const json answer = ask({.method = "POST", .path = "/v1/login", .json = body.dump()});
    return understand([&] { return Login{answer.at("token"), answer.at("expires_at")}; });
}

void Client::logout() {
    ask({.method = "POST", .path = "/v1/logout"});
}

json Client::create_token(const std::string &name, std::optional<std::chrono::seconds> expires) {
    json body{{"name", name}};
    if (expires) body["expires_s"] = expires->count();
    return ask({.method = "POST", .path = "/v1/tokens", .json = body.dump()});
}

json Client::tokens() {
    const json answer = ask({.path = "/v1/tokens"});
    return understand([&] { return json(answer.at("tokens")); });
}

void Client::revoke_token(const std::string &id) {
    ask({.method = "DELETE", .path = "/v1/tokens/" + url_encode(id)});
}

json Client::set_webhook(const std::string &url) {
    const json body{{"url", url}};
    return require_member(ask({.method = "PUT", .path = webhook_path, .json = body.dump()}),
                          "secret");
}

json Client::webhook() {
    return require_member(ask({.path = webhook_path}), "url");
}

json Client::test_webhook() {
    return require_member(ask({.method = "POST", .path = webhook_path + std::string{"/test"}}),
                          "status");
}

void Client::remove_webhook() {
    ask({.method = "DELETE", .path = webhook_path});
}

json Client::account() {
    return ask({.path = "/v1/me"});
}

FileObject Client::upload(const Upload &upload) {
    Request request{.method = "POST",
                    .path = upload_path(upload),
                    .read = upload.read,
                    .read_bytes = upload.bytes};
    if (!upload.idempotency_key.empty()) {
        request.headers.push_back("Idempotency-Key: " + upload.idempotency_key);
    }
    return understand_file(ask(std::move(request)));
}

std::string Client::begin_upload(const Upload &upload) {
    std::string metadata = "filename " + base64(upload.name);
    for (const auto &[name, value] : option_fields(upload.options)) {
        metadata += "," + name + " " + base64(value);
    }
    ask({.method = "POST",
         .path = "/v1/uploads",
         .headers = {tus_version, "Upload-Length: " + std::to_string(upload.bytes.value()),
                     "Upload-Metadata: " + metadata}});
    const std::string location = http_.header("Location").value_or("");
    const std::string id = location.substr(location.find_last_of('/') + 1);
    if (!is_file_id(id)) no_sense("Location: " + location);
    return id;
}

std::optional<uint64_t> Client::upload_offset(const std::string &id) {
    try {
        ask({.method = "HEAD", .path = "/v1/uploads/" + url_encode(id), .headers = {tus_version}});
    } catch (const Error &e) {
        if (e.code() == Errc::not_found || e.code() == Errc::expired) return std::nullopt;
        throw;
    }
    return parse_number(http_.header("Upload-Offset").value_or(""));
}

void Client::append(const std::string &id, uint64_t offset, const Upload &upload) {
    ask({.method = "PATCH",
         .path = "/v1/uploads/" + url_encode(id),
         .headers = {tus_version, "Upload-Offset: " + std::to_string(offset),
                     "Content-Type: application/offset+octet-stream"},
         .read = upload.read,
         .read_bytes = upload.bytes.value() - offset});
}

std::optional<FileObject> Client::find_same(const std::string &sha256, const Options &options) {
    const json page = ask({.path = "/v1/files?state=done&limit=100&sha256=" + sha256});
    return understand([&]() -> std::optional<FileObject> {
        for (const json &file : page.at("files")) {
            auto object = understand_file(file);
            // As text, in which places in a recording have gone there and back.
            if (option_fields(object.options) == option_fields(options)) return object;
        }
        return std::nullopt;
    });
}

FileObject Client::find(const std::string &id, std::chrono::seconds patience) {
    const std::string wait =
        patience.count() > 0 ? "?wait=" + std::to_string(patience.count()) : std::string{};
    return understand_file(ask({.path = file_path(id) + wait}));
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
            for (const json &file : page.at("files")) files.push_back(understand_file(file));
            const auto next = page.value("next_cursor", "");
            const bool leads_on = !page.at("files").empty() && next != cursor;
            if (!next.empty() && !leads_on) no_sense("a page leads to itself");
            cursor = next;
            return 0;
        });
    } while (!cursor.empty() && files.size() < limit);
    return files;
}

FileObject Client::cancel(const std::string &id) {
    return understand_file(ask({.method = "POST", .path = file_path(id) + "/cancel"}));
}

FileObject Client::retry(const std::string &id) {
    return understand_file(ask({.method = "POST", .path = file_path(id) + "/retry"}));
}

void Client::remove(const std::string &id) {
    ask({.method = "DELETE", .path = file_path(id)});
}

void Client::download(const FileObject &file, uint64_t from,
                      const std::function<void(std::string_view)> &write) {
    uint64_t surplus = from;
    const auto write_rest = [&](std::string_view bytes) {
        if (http_.status() == 206) surplus = 0; // else all of it comes, be it there or not
        const auto passed = std::min<uint64_t>(surplus, bytes.size());
        surplus -= passed;
        write(bytes.substr(passed));
    };
    Request request{.path = file_path(file.id) + "/mp3", .write = write_rest};
    if (from > 0) {
        // Of the very same bytes, or all of them: which then would not match their hash.
        request.headers = {"Range: bytes=" + std::to_string(from) + "-",
                           "If-Range: \"" + file.mp3->sha256 + "\""};
    }
    ask(std::move(request));
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
