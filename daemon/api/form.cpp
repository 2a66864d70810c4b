#include "daemon/api/form.hpp"

#include <algorithm>
#include <string_view>

namespace mp3conv::api {
namespace {

int hex_digit(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const size_t value = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    return value == std::string_view::npos ? -1 : static_cast<int>(value);
}

/// What is no escape stays as it is.
std::string decode(std::string_view text) {
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool escapes = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                             hex_digit(text[i + 2]) >= 0;
        if (escapes) {
            plain += static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

} // namespace

Form::Form(const std::string &text) {
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view field = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(field.size() + 1, rest.size()));
        const size_t equals = std::min(field.find('='), field.size());
        fields_[decode(field.substr(0, equals))] =
            decode(field.substr(std::min(equals + 1, field.size())));
    }
}

std::string Form::value(const std::string &name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::string{} : found->second;
}

Form read_form(const Call &call) {
    return Form{read_text(call)};
}

} // namespace mp3conv::api
