#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mp3conv::api::server {

/// Finds the data in a chunked body (RFC 9112, 7.1). The library's own reader takes a body with
/// broken framing for one that ended there.
class Chunks {
public:
    /// Takes framing off the front of `raw`, and data up to the next framing or `most` bytes.
    /// @return that data; empty where `raw` is used up, or the body is over.
    /// @throws Error{bad_request} for what is no framing.
    std::string_view take(std::string_view &raw, size_t most);

    /// The last chunk and what follows it were taken.
    bool is_over() const { return state_ == State::over; }

private:
    enum class State { size, data, data_end, trailer, over };

    bool take_line(std::string_view &raw);
    void end_line();

    State state_ = State::size;
    std::string line_;         ///< the beginning of one whose end has not come
    size_t framing_bytes_ = 0; ///< since the last data
    uint64_t left_ = 0;        ///< of the present chunk's data
};

} // namespace mp3conv::api::server
