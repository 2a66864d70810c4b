#include "daemon/storage/s3/growth.hpp"

#include <algorithm>
#include <set>

namespace mp3conv::storage::s3 {
namespace {

constexpr uint64_t least_part = 5ULL << 20;
constexpr int numbers_a_size = 1000;

using Keys = std::set<std::string>;

Keys list_tails(Client &client, const Layout &layout, const std::string &name) {
    Keys keys;
    client.each_object(layout.tails(name), [&](const Object &tail) { keys.insert(tail.key); });
    return keys;
}

/// @return where the bytes of a tail end.
uint64_t end_of(const std::string &tail) {
    const size_t begin = tail.rfind('-') + 1;
    return parse_number(tail.substr(begin, tail.rfind('.') - begin)).value_or(0);
}

/// @return the parts that a bookmark is of; fewer where they are not there as they were. Behind
///         them may be others, which are sent again.
std::vector<Part> find_parts(Client &client, const std::string &key, const Bookmark &bookmark) {
    if (bookmark.parts == 0) return {};
    auto parts = client.parts(key, bookmark.upload_id);
    parts.resize(std::min(parts.size(), bookmark.parts));
    if (hash_of(parts) != bookmark.etags) parts.clear();
    return parts;
}

} // namespace

uint64_t part_bytes(int number) {
    return least_part << ((number - 1) / numbers_a_size);
}

std::optional<Growth> find_growth(Client &client, const Layout &layout, const std::string &name,
                                  const Progress &from) {
    Growth growth{.bookmark = Bookmark::from(from.bookmark)};
    if (from.size == 0) return growth;
    const std::string key = layout.blob(name);
    growth.parts = find_parts(client, key, growth.bookmark);
    uint64_t in_parts = 0;
    for (const auto &part : growth.parts) in_parts += part.size;
    bool is_there = growth.parts.size() == growth.bookmark.parts && in_parts <= from.size;
    const Keys tails = list_tails(client, layout, name);
    if (is_there && in_parts < from.size) {
        growth.tail_bytes = from.size - in_parts;
        growth.tail = layout.tail(name, in_parts, from.size, growth.bookmark.tail);
        is_there = tails.contains(growth.tail);
    }
    if (!is_there) {
        if (client.size_of(key) != from.size) return std::nullopt;
        return Growth{.is_committed = true};
    }
    std::copy_if(tails.begin(), tails.end(), std::back_inserter(growth.old_tails),
                 [&from](const std::string &tail) { return end_of(tail) < from.size; });
    return growth;
}

} // namespace mp3conv::storage::s3
