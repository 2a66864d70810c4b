#include "daemon/api/server/chunks.hpp"

#include <algorithm>
#include <charconv>

#include "common/error.hpp"

namespace mp3conv::api::server {
namespace {

constexpr size_t most_framing = 8 << 10; // between two pieces of data

[[noreturn]] void refuse() {
    throw Error{Errc::bad_request, "the body is not chunked as it says; send it again"};
}

/// @return the size at the front of a chunk's line; extensions may follow it.
uint64_t parse_size(std::string_view line) {
    uint64_t size = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    const bool has_digits = !line.empty() && line.front() != '-' && error == std::errc{};
    const bool ends_well =
        has_digits && (end == line.data() + line.size() || *end == ';' || *end == ' ');
    if (!ends_well) refuse();
    return size;
}

} // namespace

std::string_view Chunks::take(std::string_view &raw, size_t most) {
    while (!raw.empty() && state_ != State::over) {
        if (state_ == State::data) {
            const auto data = raw.substr(0, std::min<uint64_t>(left_, most));
            raw.remove_prefix(data.size());
            left_ -= data.size();
            if (left_ == 0) state_ = State::data_end;
            framing_bytes_ = 0;
            return data;
        }
        if (take_line(raw)) end_line();
    }
    return {};
}

/// @return whether a whole line, without its end, is in line_.
bool Chunks::take_line(std::string_view &raw) {
    const size_t end = raw.find('\n');
    const auto part = raw.substr(0, end == std::string_view::npos ? end : end + 1);
    framing_bytes_ += part.size();
    if (framing_bytes_ > most_framing) refuse();
    line_ += part;
    raw.remove_prefix(part.size());
    if (end == std::string_view::npos) return false;
    if (!line_.ends_with("\r\n")) refuse();
    line_.resize(line_.size() - 2);
    return true;
}

void Chunks::end_line() {
    switch (state_) {
    case State::size:
        left_ = parse_size(line_);
        state_ = left_ > 0 ? State::data : State::trailer;
        break;
    case State::data_end:
        if (!line_.empty()) refuse();
        state_ = State::size;
        break;
    default:
        if (line_.empty()) state_ = State::over;
    }
    line_.clear();
}

} // namespace mp3conv::api::server
