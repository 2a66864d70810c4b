#pragma once

#include <cstdint>
#include <lame/lame.h>
#include <memory>
#include <string_view>

#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/lame_tag.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/pcm.hpp"

namespace mp3conv::convert {

struct CloseLame {
    void operator()(lame_global_flags *lame) const noexcept { lame_close(lame); }
};
using Lame = std::unique_ptr<lame_global_flags, CloseLame>;

/// Encodes PCM with one LAME, and writes the frames behind what the output holds already. The
/// LAME tag in front of them makes the decoded length that of the PCM, to the sample.
class Encoder {
public:
    /// What came out.
    struct Totals {
        uint64_t samples = 0; ///< of each channel
        uint64_t bytes = 0;   ///< of frames, the tag's included
    };

    /// @param output outlives the encoder.
    /// @throws Error{conversion_failed} for settings that LAME refuses.
    Encoder(const EncoderSettings &settings, Output &output);

    void encode(const Pcm &pcm);
    /// Writes what LAME still holds, and the tag. Nothing may be encoded afterwards.
    Totals finish();

private:
    void encode_some(const Pcm &pcm);
    void write(std::string_view frames);
    void write_tag();
    LameTagFacts tag_facts() const;

    EncoderSettings settings_;
    Output &output_;
    Lame lame_;
    uint64_t start_; ///< of the tag in the output
    uint64_t samples_ = 0;
    bool own_tag_; ///< LAME writes none
    Crc16 music_crc_;
};

} // namespace mp3conv::convert
