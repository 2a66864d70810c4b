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
    return parse_number(tail.substr(tail.rfind('-') + 1)).value_or(0);
}

/// Takes the full parts that end within `size`. A last, smaller one may be there where a commit
/// did not come to its end; it is sent again.
Growth take_parts(const std::string &id, const std::vector<Part> &parts, uint64_t size) {
    Growth growth{.upload_id = id};
    for (const auto &part : parts) {
        const int next = static_cast<int>(growth.parts.size()) + 1;
        const bool fits = part.number == next && part.size == part_bytes(next) &&
                          growth.in_parts + part.size <= size;
        if (!fits) break;
        growth.parts.push_back(part);
        growth.in_parts += part.size;
    }
    return growth;
}

} // namespace

uint64_t part_bytes(int number) {
    return least_part << ((number - 1) / numbers_a_size);
}

std::optional<Growth> find_growth(Client &client, const Layout &layout, const std::string &name,
                                  uint64_t size) {
    if (size == 0) return Growth{};
    const Keys tails = list_tails(client, layout, name);
    std::optional<Growth> found;
    const auto consider = [&](Growth growth) {
        growth.tail_bytes = size - growth.in_parts;
        if (growth.tail_bytes > 0) growth.tail = layout.tail(name, growth.in_parts, size);
        if (growth.tail.empty() || tails.contains(growth.tail)) found = std::move(growth);
    };
    consider({});
    const std::string key = layout.blob(name);
    if (!found) {
        client.each_upload(key, [&](const Upload &upload) {
            if (found || upload.key != key) return;
            consider(take_parts(upload.id, client.parts(key, upload.id), size));
        });
    }
    if (!found && client.size_of(key) == size) found = Growth{.is_committed = true};
    if (!found) return std::nullopt;
    std::copy_if(tails.begin(), tails.end(), std::back_inserter(found->old_tails),
                 [size](const std::string &tail) { return end_of(tail) < size; });
    return found;
}

} // namespace mp3conv::storage::s3
