#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mp3conv::convert {

/// Where in a stream each hundredth of its playing time begins. Takes the same memory whatever the
/// length: once full, it goes on with half the points.
class SeekTable {
public:
    /// @param kbps of the next frame, which stands for its size.
    void add(int kbps);

    /// @return a byte for each percent, in 256ths of the stream, as LAME rounds them.
    std::string toc() const;

private:
    void halve();

    std::vector<uint64_t> points_; ///< the sum up to and including every step_-th frame
    uint64_t sum_ = 0;
    size_t step_ = 1;
    size_t since_ = 0; ///< frames after the last point
};

} // namespace mp3conv::convert
