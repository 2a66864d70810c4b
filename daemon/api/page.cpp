#include "daemon/api/page.hpp"

namespace mp3conv::api {
namespace {

std::string escape(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return {c};
    }
}

} // namespace

std::string escape_html(std::string_view text) {
    std::string escaped;
    for (const char c : text) escaped += escape(c);
    return escaped;
}

void answer_page(Call &call, int status, const std::string &title, const std::string &body) {
    call.response.status = status;
    call.response.set_content("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
                              "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
                                  escape_html(title) + " - mp3conv</title><h1>" +
                                  escape_html(title) + "</h1>" + body + "\n",
                              "text/html; charset=utf-8");
}

} // namespace mp3conv::api
