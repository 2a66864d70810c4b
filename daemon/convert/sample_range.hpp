#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "common/media/handles.hpp"
#include "common/options.hpp"

namespace mp3conv::convert {

/// The part of a recording between Options::start_s and end_s, to the sample, counted in what the
/// decoder puts out: so priming is no part of it, and silence in place of damage is.
class SampleRange {
public:
    using Take = std::function<void(const AVFrame &)>;

    explicit SampleRange(const Options &options) :
        start_s_{options.start_s.value_or(0)},
        end_s_{options.end_s} {}

    /// Hands on what of the recording's next frame lies inside, where something does.
    void pass(const AVFrame &frame, const Take &take);

    /// @return whether all that is to come lies behind it.
    bool is_over() const noexcept { return end_s_ && before_s_ + counted_s() >= *end_s_; }

private:
    double counted_s() const noexcept;
    /// @return the sample at that place, counted from the frame's first; 0 to `count`.
    int sample_at(double place_s, int count) const noexcept;

    double start_s_;
    std::optional<double> end_s_;
    double before_s_ = 0; ///< of frames at another rate than the last one's
    int64_t samples_ = 0; ///< of frames since
    int rate_hz_ = 0;
};

} // namespace mp3conv::convert
