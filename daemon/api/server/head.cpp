#include "daemon/api/server/head.hpp"

#include <algorithm>

#include "common/error.hpp"
#include "common/text.hpp"
#include "common/units.hpp"

namespace mp3conv::api::server {
namespace {

constexpr size_t largest_head = 16 << 10;
constexpr size_t longest_line = 8 << 10; // the library's own limit for a target and for a header
constexpr std::string_view line_end = "\r\n";

[[noreturn]] void refuse(const std::string &why) {
    throw Error{Errc::bad_request, why};
}

[[noreturn]] void refuse_target() {
    throw Error{Errc::uri_too_long, "the address is longer than 8 KiB; ask for less"};
}

[[noreturn]] void refuse_headers() {
    throw Error{Errc::head_too_large, "the headers are larger than 16 KiB, or one of them than 8; "
                                      "send fewer"};
}

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](unsigned char c) { return (c < ' ' && c != '\t') || c == 0x7f; });
}

/// @return the text before `end`, which is taken off together with it.
std::string_view cut(std::string_view &text, std::string_view end) {
    const size_t at = text.find(end);
    const auto front = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
    return front;
}

void read_request_line(std::string_view line, Head &head) {
    head.method = cut(line, " ");
    head.target = cut(line, " ");
    const bool is_known = line == "HTTP/1.1" || line == "HTTP/1.0";
    const bool has_target = !head.target.empty() && !has_control(head.target) &&
                            head.target.find('\t') == std::string::npos;
    if (!is_token(head.method) || !has_target || !is_known) {
        refuse("the first line is not one of HTTP/1.1");
    }
}

/// How the body is framed, as far as the headers before have said.
struct Framing {
    std::optional<std::string_view> length;
    std::optional<std::string_view> encoding;
};

void set_once(std::optional<std::string_view> &member, std::string_view value) {
    if (member) refuse("the body's length is given twice");
    member = value;
}

void read_header(std::string_view line, Head &head, Framing &framing) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || has_control(line)) {
        refuse("a header is not NAME: VALUE");
    }
    const std::string name = ascii_lower(line.substr(0, colon));
    const auto value = trim(line.substr(colon + 1));
    if (name == "content-length") set_once(framing.length, value);
    if (name == "transfer-encoding") set_once(framing.encoding, value);
    if (name == "expect") head.expects_continue = ascii_lower(value) == "100-continue";
}

void settle(const Framing &framing, Head &head) {
    if (framing.length && framing.encoding) {
        refuse("both Content-Length and Transfer-Encoding are given");
    }
    if (framing.encoding) {
        if (ascii_lower(*framing.encoding) != "chunked") refuse("Transfer-Encoding is not chunked");
        head.is_chunked = true;
    }
    if (framing.length) {
        const auto length = parse_number(*framing.length);
        if (!length) refuse("Content-Length is not a number");
        head.body_bytes = *length;
    }
}

/// What can be said before the end has come: nobody waits for more of what is wrong already.
void check_unfinished(std::string_view bytes) {
    if (!bytes.empty() && !is_token(bytes.substr(0, 1))) refuse("this is not HTTP");
    if (bytes.size() >= longest_line && bytes.find(line_end) == std::string_view::npos) {
        refuse_target();
    }
    if (bytes.size() >= largest_head) refuse_headers();
}

} // namespace

std::optional<Head> read_head(std::string_view bytes) {
    const size_t end = bytes.substr(0, largest_head).find("\r\n\r\n");
    if (end == std::string_view::npos) {
        check_unfinished(bytes);
        return std::nullopt;
    }
    Head head;
    head.size = end + 2 * line_end.size();
    auto lines = bytes.substr(0, end + line_end.size());
    const auto first = cut(lines, line_end);
    if (first.size() >= longest_line) refuse_target();
    read_request_line(first, head);
    Framing framing;
    while (!lines.empty()) {
        const auto line = cut(lines, line_end);
        if (line.size() >= longest_line) refuse_headers();
        read_header(line, head, framing);
    }
    settle(framing, head);
    return head;
}

} // namespace mp3conv::api::server
