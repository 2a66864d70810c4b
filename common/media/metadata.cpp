#include "common/media/metadata.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace mp3conv::media {
namespace {

constexpr int largest_cover_bytes = 16 << 20;

constexpr std::array names{"title", "artist", "album",    "album_artist", "track", "disc",
                           "date",  "genre",  "composer", "comment",      "lyrics"};

constexpr std::array<std::pair<AVCodecID, const char *>, 5> picture_kinds{{
    {AV_CODEC_ID_MJPEG, "image/jpeg"},
    {AV_CODEC_ID_PNG, "image/png"},
    {AV_CODEC_ID_GIF, "image/gif"},
    {AV_CODEC_ID_BMP, "image/bmp"},
    {AV_CODEC_ID_WEBP, "image/webp"},
}};

void add(Tags &tags, const AVDictionary *metadata) {
    for (const char *name : names) {
        const AVDictionaryEntry *entry = av_dict_get(metadata, name, nullptr, 0);
        if (entry) tags.emplace(name, entry->value);
    }
    // ID3's lyrics have their language behind the name.
    const auto *lyrics = av_dict_get(metadata, "lyrics-", nullptr, AV_DICT_IGNORE_SUFFIX);
    if (lyrics) tags.emplace("lyrics", lyrics->value);
}

Tags read_tags(const AVFormatContext &container, const AVStream &track) {
    Tags tags;
    add(tags, container.metadata);
    if (container.iformat->name == std::string_view{"ogg"}) add(tags, track.metadata);
    return tags;
}

std::optional<Cover> cover_in(const AVStream &stream) {
    const AVPacket &picture = stream.attached_pic;
    const bool attached = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
    if (!attached || picture.size <= 0 || picture.size > largest_cover_bytes) return std::nullopt;
    for (const auto &[codec, mime] : picture_kinds) {
        if (codec != stream.codecpar->codec_id) continue;
        const auto *bytes = reinterpret_cast<const char *>(picture.data);
        return Cover{mime, {bytes, static_cast<size_t>(picture.size)}};
    }
    return std::nullopt;
}

std::optional<Cover> read_cover(const AVFormatContext &container) {
    for (unsigned i = 0; i < container.nb_streams; ++i) {
        if (auto cover = cover_in(*container.streams[i])) return cover;
    }
    return std::nullopt;
}

/// @return milliseconds after the track's first sample.
uint32_t ms_into(const AVStream &track, int64_t time, AVRational base) {
    constexpr AVRational ms{1, 1000};
    int64_t at = time == AV_NOPTS_VALUE ? 0 : av_rescale_q(time, base, ms);
    if (track.start_time != AV_NOPTS_VALUE) {
        at -= av_rescale_q(track.start_time, track.time_base, ms);
    }
    constexpr int64_t most = std::numeric_limits<uint32_t>::max();
    return static_cast<uint32_t>(std::clamp<int64_t>(at, 0, most));
}

std::vector<Chapter> read_chapters(const AVFormatContext &container, const AVStream &track) {
    std::vector<Chapter> chapters;
    for (unsigned i = 0; i < container.nb_chapters; ++i) {
        const AVChapter &from = *container.chapters[i];
        Chapter chapter;
        chapter.start_ms = ms_into(track, from.start, from.time_base);
        chapter.end_ms = std::max(chapter.start_ms, ms_into(track, from.end, from.time_base));
        const auto *title = av_dict_get(from.metadata, "title", nullptr, 0);
        if (title) chapter.title = title->value;
        chapters.push_back(std::move(chapter));
    }
    return chapters;
}

} // namespace

Metadata read_metadata(const AVFormatContext &container, const AVStream &track) {
    return {read_tags(container, track), read_cover(container), read_chapters(container, track)};
}

AVCodecID picture_codec(std::string_view mime) {
    for (const auto &[codec, name] : picture_kinds) {
        if (name == mime) return codec;
    }
    return AV_CODEC_ID_NONE;
}

} // namespace mp3conv::media
