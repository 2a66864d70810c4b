#pragma once

#include "common/media/metadata.hpp"
#include "common/options.hpp"

namespace mp3conv::convert {

/// Makes of what a recording says about itself what its owner wants the MP3 to say: tags, cover and
/// chapters that are to be dropped go, then tags that were given replace those of the same name. An
/// empty one removes it.
void apply(const Options &options, media::Metadata &metadata);

} // namespace mp3conv::convert
