#pragma once

#include <httplib.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/queue/uploads.hpp"

struct evp_md_ctx_st;

namespace mp3conv::api::tus {

// The headers of tus 1.0.0 (tus.io/protocols/resumable-upload).

constexpr const char *version = "1.0.0";
constexpr const char *body_type = "application/offset+octet-stream";

/// Says what this server speaks. @throws Error{tus_version} where the client speaks another.
void require_version(const httplib::Request &request, httplib::Response &response);

/// @return that header as a number; nullopt where it is absent. @throws Error{bad_request}.
std::optional<uint64_t> number_header(const httplib::Request &request, const char *name);

/// @return Upload-Length, or nullopt for Upload-Defer-Length: 1.
/// @throws Error{bad_request} where the client gives both or neither.
std::optional<uint64_t> length_of_new(const httplib::Request &request);

/// Reads name and options out of Upload-Metadata; keys that are neither are passed over.
/// @throws Error{bad_request} for what is not base64, Error{invalid_option}.
void apply_metadata(const std::string &header, queue::NewFile &file);

/// What Upload-Concat asks for.
struct Concat {
    bool is_partial = false;
    std::vector<std::string> parts; ///< IDs, of a final upload
};

/// @throws Error{bad_request} for what is none.
Concat read_concat(const httplib::Request &request);

/// Upload-Checksum: what the body must hash to.
class Checksum {
public:
    /// @return empty where the client asks for none. @throws Error{bad_request} naming the
    ///         algorithms that there are.
    static std::optional<Checksum> of(const httplib::Request &request);

    void update(std::string_view bytes);
    /// @throws Error{checksum_mismatch}.
    void require_match();

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const noexcept;
    };
    Checksum(const std::string &algorithm, std::string expected);

    std::unique_ptr<evp_md_ctx_st, Free> context_;
    std::string expected_;
};

/// What an OPTIONS tells of the server.
void describe_server(httplib::Response &response, uint64_t max_size);

} // namespace mp3conv::api::tus
