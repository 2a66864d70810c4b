#include "daemon/convert/normalization.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace mp3conv::convert;

namespace {

/// A recording of that loudness and peak that gets only a part of the gain by which its peaks go
/// beyond the ceiling.
struct Recording {
    double lufs;
    double peak;
    double part = 0.5;
    int times_heard = 0;

    std::optional<Loudness> hear(std::optional<double> gain) {
        ++times_heard;
        const double db = 20 * std::log10(gain.value_or(1));
        const double beyond = std::max(0.0, 20 * std::log10(peak * gain.value_or(1) / 0.794328));
        const double effective = gain ? db - beyond * (1 - part) : 0;
        return Loudness{lufs + effective, peak};
    }
};

double reached(Recording &recording, double target) {
    const auto gain = find_gain(target, [&](auto factor) { return recording.hear(factor); });
    REQUIRE(gain);
    return recording.hear(gain)->lufs;
}

} // namespace

TEST_CASE("a recording whose peaks fit is read once") {
    Recording recording{-23, 0.3};
    CHECK(reached(recording, -16) == doctest::Approx(-16));
    CHECK(recording.times_heard == 1 + 1); // the last one is ours
    Recording loud{-8, 1.2};
    CHECK(reached(loud, -23) == doctest::Approx(-23));
}

TEST_CASE("what turning peaks down takes away is made up for") {
    Recording recording{-30, 0.9};
    CHECK(std::abs(reached(recording, -16) + 16) < 0.5);
}

TEST_CASE("what cannot become so loud is not tried for ever") {
    Recording recording{-40, 1, 0.0};
    reached(recording, -5);
    CHECK(recording.times_heard < 10);
}

TEST_CASE("silence is left alone") {
    CHECK_FALSE(find_gain(-16, [](auto) -> std::optional<Loudness> { return std::nullopt; }));
}
