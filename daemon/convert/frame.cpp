#include "daemon/convert/frame.hpp"

#include <string_view>

namespace mp3conv::convert {
namespace {

constexpr size_t bitrate_at = 2;                    // the byte of the header, which also has
constexpr unsigned bitrate_and_padding_bits = 0xF2; // the sampling rate

bool is_same_head(std::string_view a, std::string_view b) {
    const auto differ = static_cast<unsigned>(a[bitrate_at] ^ b[bitrate_at]) & 0xFF;
    return (differ & ~bitrate_and_padding_bits) == 0 &&
           a.substr(0, bitrate_at) == b.substr(0, bitrate_at) &&
           a.substr(bitrate_at + 1) == b.substr(bitrate_at + 1);
}

bool calls_for_brief(Window before) {
    return before == Window::start || before == Window::brief;
}

bool comes_after_brief(Window after) {
    return after == Window::brief || after == Window::stop;
}

} // namespace

bool is_same_sound(const Frame &a, const Frame &b) {
    return a.main_data == b.main_data && is_same_head(a.head, b.head);
}

bool can_follow(const Frame &before, const Frame &after) {
    for (size_t channel = 0; channel < 2; ++channel) {
        if (calls_for_brief(before.last_windows[channel]) !=
            comes_after_brief(after.first_windows[channel])) {
            return false;
        }
    }
    return true;
}

} // namespace mp3conv::convert
