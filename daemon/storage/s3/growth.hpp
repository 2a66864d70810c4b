#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/storage/s3/bookmark.hpp"
#include "daemon/storage/s3/client.hpp"
#include "daemon/storage/s3/layout.hpp"

namespace mp3conv::storage::s3 {

/// What S3 has of a draft that stays: full parts, and behind them a tail as an object of its own.
/// Whoever goes on with it may be on another machine, and someone who does not know that his line
/// is dead may still be writing. So a tail's key is its writer's alone, and who sends a part has
/// put himself into the bookmark before, so that one of before sends none any more. His last one
/// may still be on its way, with the same bytes if his client is right, as parts of one number have
/// the same place. Otherwise its ETag is another than the bookmark's hash is of, and S3 refuses to
/// complete what has another one: bytes that nobody acknowledged are in no blob.
struct Growth {
    Bookmark bookmark{};
    std::vector<Part> parts{};
    std::string tail{}; ///< its key; empty where all is in parts
    uint64_t tail_bytes = 0;
    std::vector<std::string> old_tails{}; ///< keys of those that nobody will ask for any more
    bool is_committed = false;            ///< it is a blob already
};

/// @return how large a part of that number is: S3's least, doubled with each thousand, so that
///         10,000 hold its largest object (5 TiB).
uint64_t part_bytes(int number);

/// @return what there is to go on from; nullopt where it is not all there.
std::optional<Growth> find_growth(Client &client, const Layout &layout, const std::string &name,
                                  const Progress &from);

} // namespace mp3conv::storage::s3
