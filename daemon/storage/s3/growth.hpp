#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/storage/s3/client.hpp"
#include "daemon/storage/s3/layout.hpp"

namespace mp3conv::storage::s3 {

/// What S3 has of a draft that stays: full parts, and behind them a tail as an object of its own.
/// Whoever goes on with it may be on another machine, and someone who does not know that his line
/// is dead may still be writing. So parts of one number have the same bytes, whoever writes them,
/// and a tail's key says which bytes it has: one who is late does no harm.
struct Growth {
    std::string upload_id{}; ///< empty where there is no part
    std::vector<Part> parts{};
    uint64_t in_parts = 0;
    std::string tail{}; ///< its key; empty where all is in parts
    uint64_t tail_bytes = 0;
    std::vector<std::string> old_tails{}; ///< keys of those that nobody will ask for any more
    bool is_committed = false;            ///< it is a blob already
};

/// @return how large a part of that number is: S3's least, doubled with each thousand, so that
///         10,000 hold its largest object (5 TiB).
uint64_t part_bytes(int number);

/// @return what there is to go on from, `size` bytes; nullopt where there is not that much.
std::optional<Growth> find_growth(Client &client, const Layout &layout, const std::string &name,
                                  uint64_t size);

} // namespace mp3conv::storage::s3
