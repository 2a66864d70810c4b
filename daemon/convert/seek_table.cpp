#include "daemon/convert/seek_table.hpp"

#include <algorithm>

namespace mp3conv::convert {
namespace {

constexpr size_t most_points = 400; // as LAME has it

} // namespace

void SeekTable::add(int kbps) {
    sum_ += static_cast<uint64_t>(kbps);
    if (++since_ < step_) return;
    since_ = 0;
    points_.push_back(sum_);
    if (points_.size() == most_points) halve();
}

void SeekTable::halve() {
    for (size_t i = 0; i < most_points / 2; ++i) points_[i] = points_[2 * i + 1];
    points_.resize(most_points / 2);
    step_ *= 2;
}

std::string SeekTable::toc() const {
    std::string bytes(100, '\0');
    if (points_.empty()) return bytes;
    const auto count = static_cast<float>(points_.size());
    for (size_t percent = 1; percent < bytes.size(); ++percent) {
        const auto index = static_cast<size_t>(static_cast<float>(percent) / 100.0F * count);
        const uint64_t reached = points_[std::min(index, points_.size() - 1)];
        bytes[percent] = static_cast<char>(std::min<uint64_t>(256 * reached / sum_, 255));
    }
    return bytes;
}

} // namespace mp3conv::convert
