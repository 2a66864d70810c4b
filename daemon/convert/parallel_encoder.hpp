#pragma once

#include <functional>

#include "daemon/convert/cores.hpp"
#include "daemon/convert/encoder_pool.hpp"
#include "daemon/convert/mp3_stream.hpp"
#include "daemon/convert/segmenter.hpp"
#include "daemon/convert/stitcher.hpp"

namespace mp3conv::convert {

/// Encodes a recording on several cores into one stream, as if one LAME had done it: samples go
/// into `input`, and frames come out into the output.
///
///     input ── segments ──► encoder threads ── frames ──► stitcher ──► output
///
/// What is under way is bounded by the threads, not by the recording: whoever adds a sample may
/// have to wait.
class ParallelEncoder {
public:
    /// @param output, seat outlive the encoder.
    /// @param meanwhile is called at least ten times a second while the caller waits or encodes;
    ///        what it throws ends the encoding.
    ParallelEncoder(const EncoderSettings &settings, const Cores::Seat &seat, Output &output,
                    std::function<void()> meanwhile);

    Segmenter &input() noexcept { return segmenter_; }

    /// Encodes the rest, and fills in the tag. Nothing may be added afterwards.
    void finish();

    /// @return the part of the input so far that is encoded, 0 to 1.
    double encoded_part() const noexcept;

    /// Of the recording, in each channel.
    uint64_t samples() const noexcept { return segmenter_.samples(); }
    /// Of the stream.
    uint64_t bytes() const noexcept { return stream_.bytes(); }

private:
    void add(Segment segment);
    void stitch_oldest();
    Gaps gaps() const noexcept;

    int frame_samples_;
    std::function<void()> meanwhile_;
    Mp3Stream stream_;
    Stitcher stitcher_;
    Segmenter segmenter_;
    EncoderPool pool_;
};

} // namespace mp3conv::convert
