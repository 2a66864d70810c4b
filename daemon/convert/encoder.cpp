#include "daemon/convert/encoder.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "common/error.hpp"

namespace mp3conv::convert {
namespace {

constexpr int most_samples = 8192;
// lame.h: 1.25 bytes a sample, and 7200 more, suffice for whatever LAME may put out at once.
constexpr size_t most_bytes = most_samples * 5 / 4 + 7200;
using FrameBuffer = std::array<unsigned char, most_bytes>;

std::string_view text_of(const FrameBuffer &buffer, size_t size) {
    return {reinterpret_cast<const char *>(buffer.data()), size};
}

[[noreturn]] void fail(const char *what) {
    throw Error{Errc::conversion_failed, std::string{"lame cannot "} + what};
}

void set_bitrate(lame_global_flags *lame, const EncoderSettings &settings) {
    switch (settings.mode) {
    case BitrateMode::variable:
        lame_set_VBR(lame, vbr_default);
        lame_set_VBR_quality(lame, static_cast<float>(settings.vbr_quality));
        return;
    case BitrateMode::average:
        lame_set_VBR(lame, vbr_abr);
        lame_set_VBR_mean_bitrate_kbps(lame, settings.bitrate_kbps);
        return;
    case BitrateMode::constant:
        lame_set_brate(lame, settings.bitrate_kbps);
        return;
    }
}

void silence(lame_global_flags *lame) {
    lame_set_errorf(lame, nullptr);
    lame_set_debugf(lame, nullptr);
    lame_set_msgf(lame, nullptr);
}

/// As `ffmpeg -c:a libmp3lame` sets it up; what is not named here is LAME's default.
Lame open_lame(const EncoderSettings &settings) {
    Lame lame{lame_init()};
    if (!lame) throw std::bad_alloc{};
    silence(lame.get());
    lame_set_in_samplerate(lame.get(), settings.rate_hz);
    lame_set_out_samplerate(lame.get(), settings.rate_hz);
    lame_set_num_channels(lame.get(), settings.channels);
    lame_set_mode(lame.get(), settings.channels == 1 ? MONO : JOINT_STEREO);
    lame_set_bWriteVbrTag(lame.get(), lame_leaves_out_tag(settings) ? 0 : 1);
    set_bitrate(lame.get(), settings);
    if (lame_init_params(lame.get()) < 0) fail("encode with these options");
    return lame;
}

} // namespace

Encoder::Encoder(const EncoderSettings &settings, Output &output) :
    settings_{settings},
    output_{output},
    lame_{open_lame(settings)},
    start_{output.size_bytes()},
    own_tag_{lame_leaves_out_tag(settings)} {
    if (own_tag_) output_.write(std::string(lame_tag_size(settings), '\0')); // kept free
}

void Encoder::encode(const Pcm &pcm) {
    for (int done = 0; done < pcm.samples; done += most_samples) {
        encode_some(
            {pcm.left + done, pcm.right + done, std::min(pcm.samples - done, most_samples)});
    }
}

Encoder::Totals Encoder::finish() {
    FrameBuffer buffer;
    const int size = lame_encode_flush(lame_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (size < 0) fail("finish the last frames");
    write(text_of(buffer, static_cast<size_t>(size)));
    write_tag();
    return {samples_, output_.size_bytes() - start_};
}

void Encoder::encode_some(const Pcm &pcm) {
    FrameBuffer buffer;
    const int size = lame_encode_buffer_ieee_float(lame_.get(), pcm.left, pcm.right, pcm.samples,
                                                   buffer.data(), static_cast<int>(buffer.size()));
    if (size < 0) fail("encode its audio");
    write(text_of(buffer, static_cast<size_t>(size)));
    samples_ += static_cast<uint64_t>(pcm.samples);
}

void Encoder::write(std::string_view frames) {
    if (own_tag_) music_crc_.update(frames);
    output_.write(frames);
}

/// LAME's first frame has kept the place; what it says is known only now.
void Encoder::write_tag() {
    if (own_tag_) return output_.overwrite(start_, lame_tag(settings_, tag_facts()));
    FrameBuffer buffer;
    const size_t size = lame_get_lametag_frame(lame_.get(), buffer.data(), buffer.size());
    if (size == 0 || size > buffer.size()) fail("write its tag");
    output_.overwrite(start_, text_of(buffer, size));
}

LameTagFacts Encoder::tag_facts() const {
    LameTagFacts facts;
    facts.frames = static_cast<uint32_t>(lame_get_frameNum(lame_.get()));
    const uint64_t music = output_.size_bytes() - start_ - lame_tag_size(settings_);
    facts.music_bytes = static_cast<uint32_t>(music);
    facts.music_crc = music_crc_.value();
    facts.delay = lame_get_encoder_delay(lame_.get());
    facts.padding = lame_get_encoder_padding(lame_.get());
    facts.lowpass_hz = lame_get_lowpassfreq(lame_.get());
    facts.lame_version = get_lame_short_version();
    return facts;
}

} // namespace mp3conv::convert
