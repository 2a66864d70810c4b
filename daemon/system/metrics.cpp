#include "daemon/system/metrics.hpp"

#include <algorithm>
#include <charconv>

namespace mp3conv::system::metrics {
namespace {

std::string number_text(double value) {
    std::array<char, 400> text; // more than the largest double has digits
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    return {text.data(), end};
}

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text;
}

} // namespace

void Page::begin(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void Page::sample(std::string_view name, const Labels &labels, double value) {
    text_ += name;
    char before = '{';
    for (const auto &[label, of] : labels) {
        text_.append(1, before).append(label).append("=\"").append(escaped(of)).append("\"");
        before = ',';
    }
    text_.append(labels.empty() ? " " : "} ").append(number_text(value)).append("\n");
}

void Page::gauge(std::string_view name, std::string_view help, double value) {
    begin(name, "gauge", help);
    sample(name, {}, value);
}

void Number::write(Page &page, const std::string &name, const Labels &labels) const {
    page.sample(name, labels, value());
}

void Histogram::observe(std::chrono::duration<double> took) noexcept {
    // A bound is of its own range.
    const auto bound = std::lower_bound(bounds_s.begin(), bounds_s.end(), took.count());
    counts_[static_cast<size_t>(bound - bounds_s.begin())].fetch_add(1, std::memory_order_relaxed);
    sum_s_.fetch_add(took.count(), std::memory_order_relaxed);
}

/// The count is what the ranges say, so that the page agrees with itself while others observe.
void Histogram::write(Page &page, const std::string &name, const Labels &labels) const {
    uint64_t count = 0;
    Labels with_bound = labels;
    with_bound.emplace_back("le", "");
    for (size_t i = 0; i < counts_.size(); ++i) {
        count += counts_[i].load(std::memory_order_relaxed);
        with_bound.back().second = i < bounds_s.size() ? number_text(bounds_s[i]) : "+Inf";
        page.sample(name + "_bucket", with_bound, static_cast<double>(count));
    }
    page.sample(name + "_sum", labels, sum_s_.load(std::memory_order_relaxed));
    page.sample(name + "_count", labels, static_cast<double>(count));
}

} // namespace mp3conv::system::metrics
