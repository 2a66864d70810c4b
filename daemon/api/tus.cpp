#include "daemon/api/tus.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

#include "common/error.hpp"
#include "common/text.hpp"

namespace mp3conv::api::tus {
namespace {

constexpr std::array<std::string_view, 3> algorithms{"sha1", "sha256", "md5"};

/// @throws Error{bad_request}.
std::string decode_base64(std::string_view text, const char *header) {
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char *>(bytes.data()),
                                     reinterpret_cast<const unsigned char *>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0 || text.size() % 4 != 0) {
        throw Error{Errc::bad_request, std::string{header} + ": a value is not base64"};
    }
    const auto padding = std::count(text.end() - std::min<size_t>(2, text.size()), text.end(), '=');
    bytes.resize(static_cast<size_t>(size - padding));
    return bytes;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const size_t end = std::min(text.find(at), text.size());
        if (const auto part = trim(text.substr(0, end)); !part.empty()) parts.push_back(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

template <size_t N>
bool contains(const std::array<std::string_view, N> &names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

void require_version(const httplib::Request &request, httplib::Response &response) {
    response.set_header("Tus-Resumable", version);
    if (request.get_header_value("Tus-Resumable") != version) {
        response.set_header("Tus-Version", version);
        throw Error{Errc::tus_version, "Tus-Resumable: this server speaks 1.0.0"};
    }
}

std::optional<uint64_t> number_header(const httplib::Request &request, const char *name) {
    if (!request.has_header(name)) return std::nullopt;
    const auto number = parse_number(request.get_header_value(name));
    if (!number) throw Error{Errc::bad_request, std::string{name} + ": not a number"};
    return number;
}

std::optional<uint64_t> length_of_new(const httplib::Request &request) {
    const auto length = number_header(request, "Upload-Length");
    const bool deferred = request.get_header_value("Upload-Defer-Length") == "1";
    if (length.has_value() == deferred) {
        throw Error{Errc::bad_request, "give either Upload-Length or Upload-Defer-Length: 1"};
    }
    return length;
}

void apply_metadata(const std::string &header, queue::NewFile &file) {
    for (const auto pair : split(header, ',')) {
        const size_t space = std::min(pair.find(' '), pair.size());
        const std::string_view key = pair.substr(0, space);
        const std::string value = decode_base64(trim(pair.substr(space)), "Upload-Metadata");
        if (key == "filename") file.name = safe_file_name(value);
        if (is_option(key)) set_option(file.options, key, value);
    }
    check_options(file.options);
}

Concat read_concat(const httplib::Request &request) {
    const std::string header = request.get_header_value("Upload-Concat");
    if (header.empty()) return {};
    if (header == "partial") return {.is_partial = true, .parts = {}};
    constexpr std::string_view final_parts = "final;";
    Concat concat;
    if (header.rfind(final_parts, 0) == 0) {
        for (const auto url : split(std::string_view{header}.substr(final_parts.size()), ' ')) {
            concat.parts.emplace_back(url.substr(url.find_last_of('/') + 1));
        }
    }
    if (concat.parts.empty()) {
        throw Error{Errc::bad_request, "Upload-Concat: neither 'partial' nor 'final;URL URL'"};
    }
    return concat;
}

void Checksum::Free::operator()(evp_md_ctx_st *context) const noexcept {
    EVP_MD_CTX_free(context);
}

std::optional<Checksum> Checksum::of(const httplib::Request &request) {
    const std::string header = request.get_header_value("Upload-Checksum");
    if (header.empty()) return std::nullopt;
    const size_t space = header.find(' ');
    const std::string algorithm = header.substr(0, space);
    if (space == std::string::npos || !contains(algorithms, algorithm)) {
        throw Error{Errc::bad_request, "Upload-Checksum: neither sha1, sha256 nor md5"};
    }
    return Checksum{algorithm, decode_base64(trim(header.substr(space)), "Upload-Checksum")};
}

Checksum::Checksum(const std::string &algorithm, std::string expected) :
    context_{EVP_MD_CTX_new()},
    expected_{std::move(expected)} {
    if (EVP_DigestInit_ex(context_.get(), EVP_get_digestbyname(algorithm.c_str()), nullptr) != 1) {
        throw Error{Errc::internal, "a checksum algorithm is not available"};
    }
}

void Checksum::update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

void Checksum::require_match() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    if (std::string_view{reinterpret_cast<const char *>(digest.data()), size} != expected_) {
        throw Error{Errc::checksum_mismatch,
                    "the bytes do not match their checksum; send them again"};
    }
}

void describe_server(httplib::Response &response, uint64_t max_size) {
    response.status = 204;
    response.set_header("Tus-Resumable", version);
    response.set_header("Tus-Version", version);
    response.set_header("Tus-Extension", "creation,creation-with-upload,creation-defer-length,"
                                         "expiration,checksum,termination,concatenation");
    response.set_header("Tus-Max-Size", std::to_string(max_size));
    response.set_header("Tus-Checksum-Algorithm", "sha1,sha256,md5");
}

} // namespace mp3conv::api::tus
