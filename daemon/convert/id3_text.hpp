#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace mp3conv::convert {

/// @return one line, well-formed and without control characters; what is above 4 KiB is cut off.
std::string clean_line(std::string_view text);
/// @return the same of each line; what is above `most_bytes` is cut off.
std::string clean_lines(std::string_view text, size_t most_bytes);

/// Encodes texts that share a frame of ID3v2.3: in ISO-8859-1 where all of them fit, else in
/// UTF-16.
class Id3Encoding {
public:
    /// @param texts well-formed UTF-8.
    explicit Id3Encoding(std::initializer_list<std::string_view> texts);

    /// @return the byte that tells the encoding.
    char mark() const noexcept { return is_narrow_ ? '\0' : '\1'; }
    std::string text(std::string_view utf8) const;
    /// @return the text with the zero that ends it where more follows.
    std::string ended(std::string_view utf8) const;

private:
    bool is_narrow_ = true;
};

/// @return the text in ISO-8859-1, with '?' for what it does not have.
std::string latin1(std::string_view utf8);

} // namespace mp3conv::convert
