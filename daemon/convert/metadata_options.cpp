#include "daemon/convert/metadata_options.hpp"

namespace mp3conv::convert {

void apply(const Options &options, media::Metadata &metadata) {
    if (options.drop_tags) metadata.tags.clear();
    if (options.drop_cover) metadata.cover.reset();
    if (options.drop_chapters) metadata.chapters.clear();
    for (const auto &[name, value] : options.tags) {
        if (value.empty()) {
            metadata.tags.erase(name);
        } else {
            metadata.tags.insert_or_assign(name, value);
        }
    }
}

} // namespace mp3conv::convert
