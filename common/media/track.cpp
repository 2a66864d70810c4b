#include "common/media/track.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.hpp"
#include "common/text.hpp"

namespace mp3conv::media {
namespace {

// ISO 639-2 has two codes for these languages, and files use either: bibliographic, terminologic.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> two_codes{{
    {"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"}, {"bur", "mya"}, {"chi", "zho"},
    {"cze", "ces"}, {"dut", "nld"}, {"fre", "fra"}, {"geo", "kat"}, {"ger", "deu"},
    {"gre", "ell"}, {"ice", "isl"}, {"mac", "mkd"}, {"mao", "mri"}, {"may", "msa"},
    {"per", "fas"}, {"rum", "ron"}, {"slo", "slk"}, {"tib", "bod"}, {"wel", "cym"},
}};

std::string_view one_code(std::string_view language) {
    const auto *found = std::find_if(two_codes.begin(), two_codes.end(),
                                     [&](const auto &pair) { return pair.first == language; });
    return found == two_codes.end() ? language : found->second;
}

bool speaks(const AVStream &track, std::string_view language) {
    const AVDictionaryEntry *entry = av_dict_get(track.metadata, "language", nullptr, 0);
    return entry && one_code(ascii_lower(entry->value)) == one_code(language);
}

std::vector<const AVStream *> audio_tracks(const AVFormatContext &container) {
    std::vector<const AVStream *> tracks;
    for (unsigned i = 0; i < container.nb_streams; ++i) {
        const AVStream *stream = container.streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) tracks.push_back(stream);
    }
    return tracks;
}

const AVStream &numbered(const std::vector<const AVStream *> &tracks, int number) {
    const auto count = tracks.size();
    if (number >= 1 && static_cast<size_t>(number) <= count) {
        return *tracks[static_cast<size_t>(number) - 1];
    }
    const std::string has =
        count == 1 ? "is only one; leave the track out" : "are only " + std::to_string(count);
    throw Error{Errc::no_audio_track,
                "no audio track " + std::to_string(number) + "; there " + has};
}

const AVStream *preferred(const std::vector<const AVStream *> &tracks, std::string_view languages) {
    while (!languages.empty()) {
        const std::string_view language = languages.substr(0, languages.find(','));
        for (const AVStream *track : tracks) {
            if (speaks(*track, language)) return track;
        }
        languages.remove_prefix(std::min(language.size() + 1, languages.size()));
    }
    return nullptr;
}

} // namespace

int choose_track(AVFormatContext &container, const Options &options) {
    const auto tracks = audio_tracks(container);
    if (tracks.empty()) {
        throw Error{Errc::no_audio_track, "no audio track; nothing to convert"};
    }
    if (options.track) return numbered(tracks, *options.track).index;
    const AVStream *track = options.lang ? preferred(tracks, *options.lang) : nullptr;
    if (track) return track->index;
    const AVCodec *decoder = nullptr; // where asked for, tracks without one are passed over
    const int best = av_find_best_stream(&container, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
    return best >= 0 ? best : tracks.front()->index;
}

} // namespace mp3conv::media
