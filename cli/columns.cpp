#include "cli/columns.hpp"

#include <algorithm>
#include <clocale>
#include <cmath>
#include <cwchar>

#include "common/text.hpp"

namespace mp3conv::cli {
namespace {

constexpr size_t bar_width = 20;
constexpr size_t shortest_name = 8;

/// Text is UTF-8 here, whatever the environment says; glibc has this locale built in.
const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);

/// A thread's locale while it asks how wide characters are.
class Utf8Locale {
public:
    Utf8Locale() : before_{utf8 ? ::uselocale(utf8) : nullptr} {}
    ~Utf8Locale() {
        if (before_) ::uselocale(before_);
    }
    Utf8Locale(const Utf8Locale &) = delete;

private:
    locale_t before_;
};

} // namespace

size_t width_of(const std::string &text) {
    const Utf8Locale here;
    std::mbstate_t state{};
    size_t width = 0;
    for (size_t at = 0; at < text.size();) {
        wchar_t character = 0;
        const size_t bytes = std::mbrtowc(&character, &text[at], text.size() - at, &state);
        const bool is_known = bytes > 0 && bytes <= text.size() - at;
        if (!is_known) state = {};
        width += is_known ? static_cast<size_t>(std::max(0, ::wcwidth(character))) : 1;
        at += is_known ? bytes : 1;
    }
    return width;
}

std::string shorten(std::string text, size_t width) {
    if (width_of(text) <= width) return text;
    while (!text.empty() && (!is_utf8(text) || width_of(text) + 1 > width)) text.pop_back();
    return text + "~";
}

std::string fit(const std::string &name, const std::string &bar, const std::string &figures,
                size_t width) {
    const std::string with_bar = bar + " " + figures;
    const bool bar_fits = !bar.empty() && width_of(with_bar) + shortest_name + 2 <= width;
    const std::string tail = "  " + (bar_fits ? with_bar : figures);
    if (width_of(tail) >= width) return shorten(figures, width);
    return shorten(name, width - width_of(tail)) + tail;
}

std::string draw_bar(double share) {
    const auto full = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * bar_width);
    return "[" + std::string(full, '#') + std::string(bar_width - full, '-') + "]";
}

std::string percent(double share) {
    return std::to_string(std::lround(share * 100)) + "%";
}

} // namespace mp3conv::cli
