// What a request says in its headers: numbers, ranges, and those of tus. Each is understood as its
// RFC has it, or refused by an Error that is the client's fault.

#include <algorithm>
#include <charconv>
#include <openssl/evp.h>

#include "common/base64.hpp"
#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/api/range.hpp"
#include "daemon/api/tus.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
using namespace mp3conv::api;

namespace {

/// Runs what may refuse its input.
template <typename Act>
void try_to(Act &&act) {
    try {
        act();
    } catch (const Error &e) {
        const int status = traits(e.code()).http_status;
        fuzz::require(status >= 400 && status < 500, "what a client got wrong is its own fault");
    }
}

/// "Name: value" lines up to an empty one, as the server has them behind its parser.
httplib::Request request_of(std::string_view &input) {
    httplib::Request request;
    for (auto line = fuzz::take_line(input); !line.empty(); line = fuzz::take_line(input)) {
        const size_t colon = std::min(line.find(':'), line.size());
        const auto value = trim(line.substr(std::min(colon + 1, line.size())));
        request.headers.emplace(line.substr(0, colon), value);
    }
    return request;
}

void look_at_range(const std::string &header, uint64_t size) {
    const auto range = parse_range(header, size);
    if (!range) return;
    fuzz::require(range->count > 0, "a range has bytes");
    fuzz::require(range->first < size && range->count <= size - range->first,
                  "a range lies inside of the MP3");
    const std::string plain = "bytes=" + std::to_string(range->first) + "-" +
                              std::to_string(range->first + range->count - 1);
    const auto again = parse_range(plain, size);
    fuzz::require(again && again->first == range->first && again->count == range->count,
                  "a range says the same in other words");
}

void look_at_metadata(const std::string &header) {
    queue::NewFile file;
    file.name = "unnamed";
    tus::apply_metadata(header, file);
    fuzz::require(safe_file_name(file.name) == file.name, "a name is fit for a file");
    fuzz::require(file.name.find('/') == std::string::npos, "a name stays inside its folder");

    Options again;
    for (const auto &[name, value] : option_fields(file.options)) set_option(again, name, value);
    fuzz::require(option_fields(again) == option_fields(file.options), "options come over");
}

void look_at_concat(const httplib::Request &request) {
    const auto concat = tus::read_concat(request);
    fuzz::require(!concat.is_partial || concat.parts.empty(), "a part has no parts");
    for (const auto &id : concat.parts) {
        fuzz::require(id.find('/') == std::string::npos, "an ID has no slash");
    }
}

/// The body's true checksum is taken; what the client says it is, only where it is that.
void look_at_checksum(const httplib::Request &request, std::string_view body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(body.data(), body.size(), digest.data(), &size, EVP_sha1(), nullptr);
    const std::string right =
        "sha1 " + base64({reinterpret_cast<const char *>(digest.data()), size});

    httplib::Request honest;
    honest.set_header("Upload-Checksum", right);
    auto checksum = tus::Checksum::of(honest);
    checksum->update(body.substr(0, body.size() / 2));
    checksum->update(body.substr(body.size() / 2));
    checksum->require_match();

    auto told = tus::Checksum::of(request);
    if (!told) return;
    told->update(body);
    told->require_match();
    const std::string header = request.get_header_value("Upload-Checksum");
    constexpr size_t all_but_the_last_bits = 26; // which base64 leaves open
    fuzz::require(!header.starts_with("sha1 ") ||
                      trim(header.substr(5)).starts_with(right.substr(5, all_but_the_last_bits)),
                  "no body matches another's checksum");
}

void look_at_lengths(const httplib::Request &request) {
    const auto length = tus::length_of_new(request);
    const std::string header = request.get_header_value("Upload-Length");
    fuzz::require(length.has_value() != header.empty(), "a length is there, or comes later");
    uint64_t value = 0;
    std::from_chars(header.data(), header.data() + header.size(), value);
    fuzz::require(length.value_or(0) == value, "a length is the number that it says");
}

void look(std::string_view input) {
    const auto request = request_of(input);
    try_to([&] { look_at_metadata(request.get_header_value("Upload-Metadata")); });
    try_to([&] { look_at_concat(request); });
    try_to([&] { look_at_lengths(request); });
    try_to([&] { look_at_checksum(request, input); });
    try_to([&] { look_at_range(request.get_header_value("Range"), input.size()); });
    try_to([&] { look_at_range(request.get_header_value("Range"), UINT64_MAX); });
    try_to([&] {
        httplib::Response response;
        tus::require_version(request, response);
        fuzz::require(request.get_header_value("Tus-Resumable") == "1.0.0", "tus has one version");
    });
}

const fuzz::Target target{"headers", look};

} // namespace
