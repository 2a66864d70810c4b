#include "common/media/muxer.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

#include "common/error.hpp"

namespace mp3conv::media {
namespace {

constexpr AVRational ms{1, 1000};

/// @return empty where this libavformat does not have that container.
Output make_container(const char *name, AVIOContext *io) {
    AVFormatContext *container = nullptr;
    avformat_alloc_output_context2(&container, nullptr, name, nullptr);
    if (!container) return {};
    container->pb = io;
    container->flags |= AVFMT_FLAG_BITEXACT;
    container->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL; // what it gets is checked
    container->flush_packets = 0; // the buffer is there to be filled
    return Output{container};
}

bool is_matroska(const AVFormatContext &container) {
    return container.oformat->name == std::string_view{"matroska"};
}

void set(AVDictionary *&dictionary, const char *key, const std::string &value) {
    if (av_dict_set(&dictionary, key, value.c_str(), 0) < 0) throw std::bad_alloc{};
}

Dictionary header_options(int rate_hz) {
    AVDictionary *options = nullptr;
    // MP4 tells an edit list's length, which ends the recording, in these units.
    set(options, "movie_timescale", std::to_string(std::max(1, rate_hz)));
    // MPEG-TS: what a tuner needs often to find its way in is a third of an AAC track.
    set(options, "pcr_period", "1000"); // milliseconds
    set(options, "pat_period", "1");
    set(options, "sdt_period", "1");
    return Dictionary{options};
}

AVStream &add_stream(AVFormatContext &container) {
    AVStream *stream = avformat_new_stream(&container, nullptr);
    if (!stream) throw std::bad_alloc{};
    return *stream;
}

/// Matroska carries a cover as an attached file, all of which is in its header.
void add_attachment(AVFormatContext &container, const Cover &cover) {
    AVStream &stream = add_stream(container);
    const size_t size = cover.bytes.size();
    auto *bytes = static_cast<uint8_t *>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
    if (!bytes) throw std::bad_alloc{};
    std::memcpy(bytes, cover.bytes.data(), size);
    stream.codecpar->extradata = bytes;
    stream.codecpar->extradata_size = static_cast<int>(size);
    stream.codecpar->codec_type = AVMEDIA_TYPE_ATTACHMENT;
    stream.codecpar->codec_id = picture_codec(cover.mime);
    set(stream.metadata, "filename", "cover");
    set(stream.metadata, "mimetype", cover.mime);
}

/// Elsewhere it is a video of one picture.
void add_picture(AVFormatContext &container, const Cover &cover) {
    AVStream &stream = add_stream(container);
    stream.disposition = AV_DISPOSITION_ATTACHED_PIC;
    stream.codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream.codecpar->codec_id = picture_codec(cover.mime);
    stream.codecpar->width = 1; // asked for, and written nowhere
    stream.codecpar->height = 1;
}

AVChapter *make_chapter(int64_t id, const Chapter &from, int64_t track_start_ms) {
    auto *chapter = static_cast<AVChapter *>(av_mallocz(sizeof(AVChapter)));
    if (!chapter) throw std::bad_alloc{};
    chapter->id = id;
    chapter->time_base = ms;
    chapter->start = track_start_ms + from.start_ms;
    chapter->end = track_start_ms + from.end_ms;
    if (!from.title.empty()) set(chapter->metadata, "title", from.title);
    return chapter;
}

void add_chapters(AVFormatContext &container, const std::vector<Chapter> &chapters,
                  int64_t track_start_ms) {
    if (chapters.empty()) return;
    container.chapters =
        static_cast<AVChapter **>(av_calloc(chapters.size(), sizeof *container.chapters));
    if (!container.chapters) throw std::bad_alloc{};
    for (const Chapter &chapter : chapters) {
        const unsigned count = container.nb_chapters;
        container.chapters[count] = make_chapter(count + 1, chapter, track_start_ms);
        container.nb_chapters = count + 1;
    }
}

int64_t start_ms(const AVStream &track) {
    const bool is_known = track.start_time != AV_NOPTS_VALUE;
    return is_known ? av_rescale_q(track.start_time, track.time_base, ms) : 0;
}

} // namespace

Muxer::Muxer(int target, const char *container) :
    file_{target},
    io_{open_for_writing(file_)},
    container_{make_container(container, io_.get())} {}

bool Muxer::start(const AVStream &track, const Metadata &metadata) {
    if (!container_ || !add_track(track)) return false;
    for (const auto &[name, text] : metadata.tags) set(container_->metadata, name.c_str(), text);
    add_chapters(*container_, metadata.chapters, start_ms(track));
    if (!metadata.cover) return write_header();
    if (is_matroska(*container_)) {
        add_attachment(*container_, *metadata.cover);
        return write_header();
    }
    add_picture(*container_, *metadata.cover);
    return write_header() && write_picture(*metadata.cover);
}

bool Muxer::add_track(const AVStream &track) {
    time_base_ = track.time_base;
    AVStream &stream = add_stream(*container_);
    if (avcodec_parameters_copy(stream.codecpar, track.codecpar) < 0) return false;
    stream.codecpar->codec_tag = 0; // the container has its own name for the codec
    stream.time_base = track.time_base;
    const AVDictionaryEntry *language = av_dict_get(track.metadata, "language", nullptr, 0);
    if (language) set(stream.metadata, "language", language->value);
    return true;
}

bool Muxer::write_header() {
    AVDictionary *options = header_options(container_->streams[0]->codecpar->sample_rate).release();
    const int result = avformat_write_header(container_.get(), &options);
    const Dictionary unused{options}; // they are of several containers
    return went_well(result);
}

bool Muxer::write_picture(const Cover &cover) {
    const Packet packet{av_packet_alloc()};
    if (!packet || av_new_packet(packet.get(), static_cast<int>(cover.bytes.size())) < 0) {
        throw std::bad_alloc{};
    }
    std::memcpy(packet->data, cover.bytes.data(), cover.bytes.size());
    packet->stream_index = 1;
    packet->pts = packet->dts = 0;
    packet->flags |= AV_PKT_FLAG_KEY;
    return went_well(av_write_frame(container_.get(), packet.get()));
}

bool Muxer::write(AVPacket &packet) {
    packet.stream_index = 0;
    packet.pos = -1;
    av_packet_rescale_ts(&packet, time_base_, container_->streams[0]->time_base);
    return went_well(av_write_frame(container_.get(), &packet));
}

bool Muxer::finish() {
    return went_well(av_write_trailer(container_.get()));
}

bool Muxer::went_well(int result) const {
    if (file_.failed_errno == 0) return result >= 0;
    throw Error{Errc::local_file, "cannot write its audio into a temporary file: " +
                                      std::generic_category().message(file_.failed_errno) +
                                      "; make room in the folder that TMPDIR names"};
}

} // namespace mp3conv::media
