#include <algorithm>
#include <sstream>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/preconditions.hpp"
#include "daemon/web/web.hpp"

namespace mp3conv::api {
namespace {

// Only what is from here, and nothing that stands in the page itself; no text becomes HTML or a
// program (Content Security Policy 3; Trusted Types).
constexpr const char *page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

const web::File &require_page_file(std::string_view name) {
    const auto files = web::files();
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const web::File &file) { return file.name == name; });
    if (found == files.end()) throw Error{Errc::no_route, "there is nothing at this address"};
    return *found;
}

/// @return whether the client lists gzip, and not with a weight of 0 (RFC 9110, 12.5.3).
bool takes_gzip(const httplib::Request &request) {
    std::istringstream list{request.get_header_value("Accept-Encoding")};
    for (std::string item; std::getline(list, item, ',');) {
        const size_t end = std::min(item.find(';'), item.size());
        const std::string weight = item.substr(end);
        const bool is_refused =
            !weight.empty() && weight.find_first_not_of("; q=0.") == std::string::npos;
        if (trim(std::string_view{item}.substr(0, end)) == "gzip") return !is_refused;
    }
    return false;
}

void send(Call &call, const web::File &file) {
    const bool is_packed = takes_gzip(call.request);
    const web::Form &form = is_packed ? file.gzip : file.plain;
    httplib::Response &response = call.response;
    response.set_header("ETag", std::string{form.etag});
    response.set_header("Vary", "Accept-Encoding");
    response.set_header("Cache-Control", "no-cache"); // kept, but asked for each time
    if (has_it_already(call.request, std::string{form.etag})) {
        response.status = 304;
        return;
    }
    response.status = 200;
    if (is_packed) response.set_header("Content-Encoding", "gzip");
    // The library would pack a body once more.
    response.set_content_provider(
        form.bytes.size(), std::string{file.type},
        [bytes = form.bytes](size_t offset, size_t left, httplib::DataSink &sink) {
            return sink.write(bytes.data() + offset, left);
        });
}

} // namespace

/// GET /, and /f/{id}, where the link of a letter leads. It tells nothing of the file: anyone may
/// come.
void show_page(Rooms &, Call &call) {
    call.response.set_header("Content-Security-Policy", page_policy);
    send(call, require_page_file("index.html"));
}

/// GET /web/{name}: what the page consists of.
void show_page_file(Rooms &, Call &call) {
    send(call, require_page_file(call.captures.front()));
}

} // namespace mp3conv::api
