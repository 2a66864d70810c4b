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
    std::string idempotency_key{}; ///< the same for each try; empty for one that is not repeated
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

    /// @param invite its code; empty for none.
    /// @return whether the address is verified; else a letter with a code is on its way.
    bool register_account(const std::string &email, const std::string &password,
                          const std::string &invite);
    void verify(const std::string &email, const std::string &password, const std::string &code);
    void change_password(const std::string &password, const std::string &new_password);
    /// Removes the account with all of its files.
    void delete_account(const std::string &password);
    /// Asks for a letter with a code.
    void request_reset(const std::string &email);
    void reset_password(const std::string &email, const std::string &code,
                        const std::string &new_password);
    Login login(const std::string &email, const std::string &password);
    void logout();
    /// @return the token, which no other answer tells, with its `id`. @throws also
    /// {invalid_option}.
    nlohmann::json create_token(const std::string &name,
                                std::optional<std::chrono::seconds> expires);
    /// @return an array of tokens.
    nlohmann::json tokens();
    void revoke_token(const std::string &id);

    /// @return the webhook with its `secret`, which no other answer tells.
    /// @throws also {invalid_option}.
    nlohmann::json set_webhook(const std::string &url);
    /// @return its `url` and more. @throws also {not_found}.
    nlohmann::json webhook();
    /// @return the `status` that it answered to a message. @throws also {not_found},
    ///         {webhook_failed} where it did not take it.
    nlohmann::json test_webhook();
    void remove_webhook();

    /// @return the account as the server tells it.
    nlohmann::json account();

    FileObject upload(const Upload &upload);

    /// Begins an upload that can break off (tus 1.0.0). @return its ID, which is the file ID.
    std::string begin_upload(const Upload &upload);
    /// @return bytes that the server has; nullopt where it knows no such upload (any more).
    std::optional<uint64_t> upload_offset(const std::string &id);
    /// Sends the rest of it from there; `upload.read` hands it out. The last byte queues it.
    void append(const std::string &id, uint64_t offset, const Upload &upload);

    /// @return a file that is done, made from the same bytes with the same options.
    std::optional<FileObject> find_same(const std::string &sha256, const Options &options);

    /// @return the file once it is finished, or as it is when `patience` is over.
    FileObject find(const std::string &id, std::chrono::seconds patience = {});
    /// @return all files, newest first, at most `limit`.
    std::vector<FileObject> list(std::optional<State> state, size_t limit);
    FileObject cancel(const std::string &id);
    FileObject retry(const std::string &id);
    void remove(const std::string &id);
    /// Passes the MP3 to `write` as it comes, from that byte on.
    void download(const FileObject &file, uint64_t from,
                  const std::function<void(std::string_view)> &write);

    /// @return the one file ID that starts so. @throws Error{not_found}, also for several, and
    ///         Error{usage} for less than four characters.
    std::string complete_id(const std::string &prefix);

private:
    nlohmann::json ask(Request request);
    nlohmann::json require_member(nlohmann::json answer, const char *name) const;
    template <typename Read>
    auto understand(Read &&read) const;
    FileObject understand_file(const nlohmann::json &object) const;
    [[noreturn]] void no_sense(const std::string &cause) const;

    Http &http_;
    std::string token_;
};

} // namespace mp3conv::cli
