#include "common/media/demuxer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <string_view>
#include <system_error>

#include "common/error.hpp"
#include "common/media/edit_list.hpp"
#include "common/media/signature.hpp"

namespace mp3conv::media {
namespace {

// Each fragment of an MP4 costs three of them, and is often no larger than a few hundred KiB.
constexpr int io_buffer_bytes = 16 << 10;

// libavformat's names of the containers that carry their audio themselves.
constexpr const char *containers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,wav,w64,flac,ogg,mp3,aac,ac3,eac3,aiff,caf,au,amr,avi,"
    "flv,mpegts,mpeg,asf";

int remember(SourceFile &file) noexcept {
    file.failed_errno = errno;
    return AVERROR(errno);
}

int read_file(void *opaque, uint8_t *buffer, int size) noexcept {
    auto &file = *static_cast<SourceFile *>(opaque);
    const ssize_t got =
        file.source.read(static_cast<uint64_t>(file.position), reinterpret_cast<char *>(buffer),
                         static_cast<size_t>(size));
    if (got < 0) return remember(file);
    if (got == 0) return AVERROR_EOF;
    file.position += got;
    return static_cast<int>(got);
}

int64_t seek_file(void *opaque, int64_t offset, int whence) noexcept {
    auto &file = *static_cast<SourceFile *>(opaque);
    if (whence & AVSEEK_SIZE) return file.size;
    const int64_t from = whence == SEEK_CUR ? file.position : whence == SEEK_END ? file.size : 0;
    int64_t target = 0;
    if (__builtin_add_overflow(from, offset, &target) || target < 0) return AVERROR(EINVAL);
    return file.position = target;
}

int open_nothing(AVFormatContext * /*container*/, AVIOContext ** /*io*/, const char * /*url*/,
                 int /*flags*/, AVDictionary ** /*options*/) noexcept {
    return AVERROR(EACCES);
}

/// Looking into a file must not run the decoders of its pictures and subtitles.
std::string audio_decoders() {
    std::string names;
    void *position = nullptr;
    while (const AVCodec *codec = av_codec_iterate(&position)) {
        const bool wanted = av_codec_is_decoder(codec) && codec->type == AVMEDIA_TYPE_AUDIO;
        if (wanted) names += (names.empty() ? "" : ",") + std::string{codec->name};
    }
    return names;
}

Dictionary open_options(bool with_edits) {
    AVDictionary *options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "none", 0);
    av_dict_set(&options, "format_whitelist", containers, 0);
    av_dict_set(&options, "codec_whitelist", audio_decoders().c_str(), 0);
    av_dict_set(&options, "enable_drefs", "0", 0);
    av_dict_set(&options, "use_absolute_path", "0", 0);
    av_dict_set(&options, "advanced_editlist", with_edits ? "1" : "0", 0);
    av_dict_set(&options, "max_streams", "64", 0);
    av_dict_set(&options, "probesize", "4000000", 0);        // bytes
    av_dict_set(&options, "analyzeduration", "10000000", 0); // microseconds
    return Dictionary{options};
}

Io make_io(SourceFile &file) {
    void *buffer = av_malloc(io_buffer_bytes);
    if (!buffer) throw std::bad_alloc{};
    Io io{avio_alloc_context(static_cast<unsigned char *>(buffer), io_buffer_bytes, 0, &file,
                             read_file, nullptr, seek_file)};
    if (!io) av_free(buffer);
    if (!io) throw std::bad_alloc{};
    return io;
}

/// @return empty where it is not a file of that kind.
Input open_container(AVIOContext *io, std::string_view kind, bool with_edits) {
    if (kind.empty()) return {};
    const AVInputFormat *demuxer = av_find_input_format(std::string{kind}.c_str());
    AVFormatContext *container = avformat_alloc_context();
    if (!container) throw std::bad_alloc{};
    container->pb = io;
    container->io_open = open_nothing;
    AVDictionary *options = open_options(with_edits).release();
    const int result = avformat_open_input(&container, nullptr, demuxer, &options); // or frees it
    const Dictionary unused{options};
    return Input{result < 0 ? nullptr : container};
}

/// @return whether no packet lies outside of the edit but those in front, and libavformat skips
///         those: of AAC it does, which has its priming there.
bool plays_all_of(AVStream &stream, const Edit &edit, int64_t movie_hz) {
    const int count = avformat_index_get_entries_count(&stream);
    if (count == 0) return true; // fragments, in which it heeds no edits at all
    const bool is_short = edit.begin < stream.time_base.den; // a second, not to decode for nothing
    const bool is_skipped = stream.codecpar->codec_id == AV_CODEC_ID_AAC && is_short;
    const bool is_audio = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    if (is_audio && edit.begin != 0 && !is_skipped) return false;
    const int64_t duration = av_rescale(edit.duration, stream.time_base.den, movie_hz);
    if (avformat_index_get_entry(&stream, count - 1)->timestamp >= duration) return false;
    stream.duration = std::min(stream.duration, duration);
    return true;
}

bool play_all(AVFormatContext &container, const Edits &edits) {
    for (unsigned i = 0; i < container.nb_streams && i < edits.tracks.size(); ++i) {
        const auto &edit = edits.tracks[i];
        if (edit && !plays_all_of(*container.streams[i], *edit, edits.movie_hz)) return false;
    }
    return true;
}

/// @return whether the packet ends before the edit begins, as libavformat marks it with edits.
bool is_in_front(const AVPacket &packet) {
    return packet.pts != AV_NOPTS_VALUE && packet.pts <= -packet.duration;
}

void check_disk(const SourceFile &file) {
    if (file.failed_errno == 0) return;
    throw Error{Errc::local_file, "cannot read the source; try again later",
                std::generic_category().message(file.failed_errno)};
}

/// ISO 14496-12, 4.3, and QuickTime's own brand; files older than brands are QuickTime's.
std::string_view quicktime_format(const AVFormatContext &container) {
    const AVDictionaryEntry *entry = av_dict_get(container.metadata, "major_brand", nullptr, 0);
    const std::string_view brand = entry ? entry->value : "qt  ";
    if (brand == "qt  ") return "mov";
    if (brand == "M4A " || brand == "M4B ") return "m4a";
    if (brand.starts_with("3g")) return "3gp";
    return "mp4";
}

} // namespace

Demuxer::Demuxer(const Source &source) :
    file_{source, static_cast<int64_t>(source.size())},
    io_{make_io(file_)} {
    open(container_of(source));
    check_disk(file_);
    if (!container_) {
        throw Error{Errc::not_media,
                    "not a media file, or a part of it is missing; check that it plays"};
    }
    completeness_.emplace(*container_, source);
    // What it cannot find out shows later, when the track is decoded.
    avformat_find_stream_info(container_.get(), nullptr);
    check_disk(file_);
}

/// For edit lists libavformat makes a second index: so long as the first, and both are held for a
/// while. Most lists do no more than leave out the priming, for which it needs none.
void Demuxer::open(std::string_view kind) {
    const auto edits = kind == "mov" ? read_edits(file_.source) : std::nullopt;
    container_ = open_container(io_.get(), kind, !edits);
    plays_all_ = edits && container_ && play_all(*container_, *edits);
    if (!edits || !container_ || plays_all_) return;
    container_.reset();
    file_.position = 0;
    io_ = make_io(file_);
    container_ = open_container(io_.get(), kind, true);
}

void Demuxer::select(int track) noexcept {
    track_ = track;
    for (unsigned i = 0; i < container_->nb_streams; ++i) {
        const bool selected = static_cast<int>(i) == track;
        container_->streams[i]->discard = selected ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    // Where an index tells the place of each packet, what lies between them is not read.
    const bool has_index = std::string_view{container_->iformat->name}.starts_with("mov,");
    if (has_index) io_->direct = AVIO_FLAG_DIRECT;
    if (has_index && file_.source.is_fed()) lookahead_.emplace(this->track());
}

bool Demuxer::read(AVPacket &packet) {
    for (;;) {
        av_packet_unref(&packet);
        if (lookahead_) file_.source.expect(lookahead_->next());
        const int result = av_read_frame(container_.get(), &packet);
        check_disk(file_);
        if (result == AVERROR(EAGAIN)) continue;
        if (result < 0) {
            completeness_->see_end(result);
            return false;
        }
        completeness_->see(packet);
        if (plays_all_ && is_in_front(packet)) packet.flags |= AV_PKT_FLAG_DISCARD;
        if (packet.stream_index == track_) return true;
    }
}

std::string Demuxer::bytes_before(int64_t position, size_t count) const {
    count = std::min(count, static_cast<size_t>(std::max<int64_t>(position, 0)));
    std::string bytes(count, '\0');
    const auto start = static_cast<uint64_t>(position) - count;
    const ssize_t got = file_.source.read(start, bytes.data(), count);
    return got == static_cast<ssize_t>(count) ? bytes : std::string{};
}

std::string Demuxer::format() const {
    const std::string_view name = container_->iformat->name;
    if (name.starts_with("mov,")) return std::string{quicktime_format(*container_)};
    if (name.starts_with("matroska,")) return is_webm() ? "webm" : "matroska";
    return std::string{name.substr(0, name.find(','))};
}

/// libavformat keeps the DocType to itself; it stands in the first bytes (RFC 8794, 11.2.6).
bool Demuxer::is_webm() const noexcept {
    std::array<char, 64> head{};
    const ssize_t got = file_.source.read(0, head.data(), head.size());
    const std::string_view text{head.data(), static_cast<size_t>(got > 0 ? got : 0)};
    return text.find("webm") != std::string_view::npos;
}

} // namespace mp3conv::media
