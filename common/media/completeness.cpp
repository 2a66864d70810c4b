#include "common/media/completeness.hpp"

#include <algorithm>
#include <array>
#include <string_view>

extern "C" {
#include <libavutil/intreadwrite.h>
}

namespace mp3conv::media {
namespace {

constexpr double tolerance_s = 1; // lengths are rounded, and priming may count or not

// Their heads tell the length of the sound, to the sample.
constexpr std::array exact_kinds{"flac", "aiff", "mp3"};

// From here on are the sizes that programs write in front of what goes into a pipe.
constexpr uint64_t unknown_riff_bytes = 0x7FFF0000;
constexpr uint64_t riff_slack_bytes = 16; // some count the head, or forget a padding byte

std::string_view kind_of(const AVFormatContext &container) {
    const std::string_view name = container.iformat->name;
    return name.substr(0, name.find(','));
}

bool has_index(const AVFormatContext &container) {
    return kind_of(container) == "mov";
}

double told_seconds(const AVFormatContext &container) {
    if (container.nb_streams == 0) return 0;
    const auto kind = kind_of(container);
    const bool is_exact =
        std::find(exact_kinds.begin(), exact_kinds.end(), kind) != exact_kinds.end();
    const AVStream &track = *container.streams[0]; // others are covers
    if (is_exact && track.duration > 0) {          // which AV_NOPTS_VALUE is not
        return static_cast<double>(track.duration) * av_q2d(track.time_base);
    }
    const bool is_sound_alone =
        kind == "matroska" && container.nb_streams == 1 && container.duration > 0;
    return is_sound_alone ? static_cast<double>(container.duration) / AV_TIME_BASE : 0;
}

/// WAV and AVI begin with the size of all that follows it.
bool is_cut_riff(const Source &source, uint64_t file_bytes) noexcept {
    std::array<char, 8> head{};
    const bool is_riff =
        source.read(0, head.data(), head.size()) == 8 && std::string_view{head.data(), 4} == "RIFF";
    const uint64_t told_bytes = AV_RL32(head.data() + 4);
    return is_riff && told_bytes < unknown_riff_bytes && told_bytes > file_bytes + riff_slack_bytes;
}

struct Reach {
    uint64_t bytes = 0;     ///< of packets that are in the file
    bool is_beyond = false; ///< others are not
};

Reach reach_of_index(const AVStream &track, uint64_t file_bytes) {
    Reach reach;
    auto *stream = const_cast<AVStream *>(&track); // which the function does not change
    for (int i = 0; i < avformat_index_get_entries_count(stream); ++i) {
        const AVIndexEntry &entry = *avformat_index_get_entry(stream, i);
        const auto size = static_cast<uint64_t>(entry.size);
        const bool is_inside = entry.pos >= 0 && static_cast<uint64_t>(entry.pos) <= file_bytes &&
                               size <= file_bytes - static_cast<uint64_t>(entry.pos);
        if (is_inside) reach.bytes += size;
        if (!is_inside) reach.is_beyond = true;
    }
    return reach;
}

} // namespace

Completeness::Completeness(const AVFormatContext &container, const Source &source) :
    container_{container},
    file_bytes_{source.size()},
    told_s_{told_seconds(container)},
    broke_off_{is_cut_riff(source, file_bytes_)} {}

void Completeness::see_end(int error) noexcept {
    if (error != AVERROR_EOF) broke_off_ = true;
}

void Completeness::see(const AVPacket &packet) noexcept {
    const bool is_partial = (packet.flags & AV_PKT_FLAG_CORRUPT) != 0 && container_.pb->eof_reached;
    if (is_partial && has_index(container_)) broke_off_ = true; // others do not know packets' sizes
}

bool Completeness::is_cut(const AVStream &track, double heard_s) const noexcept {
    if (broke_off_ || heard_s + tolerance_s < told_s_) return true;
    return has_index(container_) && reach_of_index(track, file_bytes_).is_beyond;
}

bool Completeness::repeats(const AVStream &track) const noexcept {
    return has_index(container_) && reach_of_index(track, file_bytes_).bytes > file_bytes_;
}

} // namespace mp3conv::media
