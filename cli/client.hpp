#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/http.hpp"
#include "common/file_object.hpp"

namespace mp3conv::cli {

/// What a file to be sent is called, and how its bytes are had.
struct Upload {
    std::string name;
    Options options;
    std::optional<uint64_t> bytes; ///< absent for a stream
    std::function<size_t(char *, size_t)> read;
};

struct Login {
    std::string token;
    std::string expires_at;
};

/// mp3convd's routes as functions. All throw what Http::send throws; an answer that makes no sense
/// is Error{bad_request}.
class Client {
public:
    explicit Client(Http &http, std::string token = {}) : http_{http}, token_{std::move(token)} {}

    void register_account(const std::string &email, const std::string &password);
    Login login(const std::string &email, const std::string &password);
    void logout();
    /// @return the account as the server tells it.
    nlohmann::json account();

    FileObject upload(const Upload &upload);
    /// @return the file once it is finished, or as it is when `patience` is over.
    FileObject find(const std::string &id, std::chrono::seconds patience = {});
    /// @return all files, newest first, at most `limit`.
    std::vector<FileObject> list(std::optional<State> state, size_t limit);
    FileObject cancel(const std::string &id);
    FileObject retry(const std::string &id);
    void remove(const std::string &id);
    /// Passes the MP3 to `write` as it comes.
    void download(const std::string &id, const std::function<void(std::string_view)> &write);

    /// @return the one file ID that starts so. @throws Error{not_found}, also for several, and
    ///         Error{usage} for less than four characters.
    std::string complete_id(const std::string &prefix);

private:
    nlohmann::json ask(Request request);

    Http &http_;
    std::string token_;
};

} // namespace mp3conv::cli
