#pragma once

#include <string>
#include <vector>

#include "daemon/storage/s3/xml.hpp"

namespace mp3conv::storage::s3 {

/// What belongs to a draft that stays, of all that there is below its name: other writers may have
/// left something, and may still be at it.
struct Bookmark {
    std::string upload_id{}; ///< empty before the first part
    size_t parts = 0;        ///< its first ones
    std::string etags{};     ///< hash of theirs, see hash_of; empty where there are none
    std::string tail{};      ///< the ID in the key of what is behind them
    std::string writer{};    ///< who wants to send parts, and nobody before him may any more

    std::string text() const;

    /// @return what that text says; of an empty one, a draft that was not begun.
    /// @throws Error{internal} for what is none of ours.
    static Bookmark from(const std::string &text);
};

/// @return what tells them from parts with other bytes; empty for none.
std::string hash_of(const std::vector<Part> &parts);

} // namespace mp3conv::storage::s3
