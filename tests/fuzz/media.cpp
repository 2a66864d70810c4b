// A source from its first byte to samples, as a conversion reads it: signature, container, track,
// tags, decoder, resampler. Whatever is in it, LAME gets samples of a sane size, the tags of the
// MP3 can be written, and the daemon believes what the child that reads it says of it.
//
// libavformat and libavcodec are not built with coverage: here the fuzzer sees of them only where
// they crash.

#include <cmath>

#include "common/media/demuxer.hpp"
#include "common/media/excerpt.hpp"
#include "common/media/metadata.hpp"
#include "common/media/track.hpp"
#include "daemon/convert/frame_copy.hpp"
#include "daemon/convert/id3.hpp"
#include "daemon/convert/reencoding.hpp"
#include "daemon/convert/segmenter.hpp"
#include "daemon/sandbox/messages.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
using namespace mp3conv::convert;

namespace {

// A conversion has minutes and all of the memory that its sandbox leaves; a fuzzer wants thousands.
constexpr int most_packets = 300;
constexpr double most_s = 20;

/// What there is of a conversion in front of LAME.
class Samples {
public:
    explicit Samples(const AVStream &track) : decoder_{track} {}

    void add(const AVPacket &packet) { decoder_.decode(packet, take_); }

    void finish() {
        decoder_.drain(take_);
        fuzz::require(decoder_.lost_s() <= decoded_s_ + 1e-6, "what is lost counts as silence");
        if (!segmenter_) return;
        resampler_->flush(*segmenter_);
        segmenter_->finish();
        fuzz::require(seen_ == segmenter_->samples(), "every sample is in one block");
    }

    bool is_enough() const { return decoded_s_ > most_s; }
    double decoded_s() const { return decoded_s_; }

private:
    void take(const AVFrame &frame) {
        decoded_s_ += static_cast<double>(frame.nb_samples) / frame.sample_rate;
        if (is_enough()) return;
        if (!segmenter_) start(frame);
        resampler_->convert(frame, *segmenter_);
    }

    void start(const AVFrame &frame) {
        const auto settings = settle({}, frame.sample_rate, frame.ch_layout.nb_channels);
        resampler_.emplace(settings.rate_hz, settings.channels);
        segmenter_.emplace(settings, [this](const Segment &segment) { look_at(segment); });
    }

    void look_at(const Segment &segment) {
        for (const auto &block : segment.own_blocks()) {
            const Pcm pcm = block->pcm();
            for (int i = 0; i < pcm.samples; ++i) {
                fuzz::require(std::abs(pcm.left[i]) <= 4 && std::abs(pcm.right[i]) <= 4,
                              "a sample is at most 12 dB above full scale");
            }
            seen_ += static_cast<uint64_t>(pcm.samples);
        }
    }

    Decoder decoder_;
    Decoder::Take take_ = [this](const AVFrame &frame) { take(frame); };
    std::optional<Resampler> resampler_;
    std::optional<Segmenter> segmenter_;
    double decoded_s_ = 0;
    uint64_t seen_ = 0;
};

template <typename Use>
void each_packet(media::Demuxer &demuxer, Use &&use) {
    const media::Packet packet{av_packet_alloc()};
    for (int i = 0; i < most_packets && demuxer.read(*packet); ++i) use(*packet);
}

void open_track(std::optional<media::Demuxer> &demuxer, int source, const Options &options) {
    demuxer.emplace(source);
    demuxer->select(media::choose_track(demuxer->container(), options));
}

Report decode(int source, const Options &options) {
    std::optional<media::Demuxer> demuxer;
    open_track(demuxer, source, options);
    auto metadata = media::read_metadata(demuxer->container(), demuxer->track());
    metadata.chapters = media::chapters_between(std::move(metadata.chapters), 0.5, 10);
    for (const auto &chapter : metadata.chapters) {
        fuzz::require(chapter.start_ms <= chapter.end_ms, "a chapter ends behind its start");
    }
    id3_tag(metadata);
    id3v1_tag(metadata.tags);

    Samples samples{demuxer->track()};
    each_packet(*demuxer, [&](const AVPacket &packet) {
        if (!samples.is_enough()) samples.add(packet);
    });
    samples.finish();
    Report report;
    report.source.duration_s = samples.decoded_s();
    report.source.truncated = demuxer->completeness().is_cut(demuxer->track(), samples.decoded_s());
    demuxer->completeness().repeats(demuxer->track());
    report.source.format = demuxer->format();
    report.source.codec = avcodec_get_name(demuxer->track().codecpar->codec_id);
    return report;
}

/// MP3 need not be decoded: its frames are taken apart.
void copy(int source) {
    std::optional<media::Demuxer> demuxer;
    open_track(demuxer, source, {});
    if (!can_copy({}, demuxer->track())) return;
    const Fd mp3 = fuzz::memory_file();
    Output output{mp3.get()};
    FrameCopy frames{*demuxer, output, most_s};
    each_packet(*demuxer, [&](const AVPacket &packet) { frames.add(packet); });
    const Made made = frames.finish();
    fuzz::require(made.source_s > 0, "what is copied can be heard");
}

/// What was found out is said over the sandbox's line. @throws Error where it is not believed.
void say(const sandbox::Word &word) {
    const auto heard = sandbox::parse_word(sandbox::encode(word));
    fuzz::require(heard.index() == word.index(), "who is honest is believed");
}

template <typename Act>
void try_to(Act &&act) {
    try {
        act();
    } catch (const Error &e) {
        say(e);
    }
}

void look(std::string_view bytes) {
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(256 << 20); // as the sandbox does
    const Fd source = fuzz::memory_file(bytes);
    try_to([&] { say(decode(source.get(), {})); });
    Options second;
    second.track = 2;
    try_to([&] { decode(source.get(), second); });
    try_to([&] { copy(source.get()); });
}

const fuzz::Target target{"media", look};

} // namespace
