#include "daemon/convert/normalization.hpp"

#include <cmath>

#include "daemon/convert/leveler.hpp"

namespace mp3conv::convert {
namespace {

constexpr double near_enough_lu = 0.2;
constexpr int most_corrections = 6;
constexpr double most_gain_db = 60;

double factor(double db) {
    return std::pow(10, db / 20);
}

} // namespace

std::optional<double> find_gain(double target_lufs, const Hear &hear) {
    const auto source = hear(std::nullopt);
    if (!source) return std::nullopt;
    double gain_db = target_lufs - source->lufs;
    const bool peaks_fit = source->peak * factor(gain_db) <= Leveler::ceiling;
    for (int i = 0; i < most_corrections && !peaks_fit; ++i) {
        const auto heard = hear(factor(gain_db));
        const double missing = heard ? target_lufs - heard->lufs : 0;
        gain_db = std::min(gain_db + missing, most_gain_db);
        if (std::abs(missing) < near_enough_lu || gain_db == most_gain_db) break;
    }
    return factor(gain_db);
}

} // namespace mp3conv::convert
