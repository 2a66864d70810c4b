#include "daemon/convert/tags.hpp"

#include <array>
#include <string_view>

namespace mp3conv::convert {
namespace {

constexpr std::array names{"title", "artist", "album", "album_artist", "track",
                           "disc",  "date",   "genre", "composer",     "comment"};

void add(Tags &tags, const AVDictionary *metadata) {
    for (const char *name : names) {
        const AVDictionaryEntry *entry = av_dict_get(metadata, name, nullptr, 0);
        if (entry) tags.emplace(name, entry->value);
    }
}

} // namespace

Tags read_tags(const AVFormatContext &container, const AVStream &track) {
    Tags tags;
    add(tags, container.metadata);
    if (container.iformat->name == std::string_view{"ogg"}) add(tags, track.metadata);
    return tags;
}

} // namespace mp3conv::convert
