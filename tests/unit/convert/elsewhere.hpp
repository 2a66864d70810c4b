#pragma once

#include <cstdint>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "common/byte_range.hpp"
#include "common/fd.hpp"

namespace mp3conv::test {

/// A file that is far away, and a local one with nothing in it yet but what was fetched.
class Elsewhere {
public:
    explicit Elsewhere(const std::string &path) :
        far_{open_file(path, O_RDONLY)},
        near_{open_file(path + ".near", O_RDWR | O_CREAT | O_TRUNC)} {
        REQUIRE(::ftruncate(near_.get(), static_cast<off_t>(size())) == 0);
    }

    int fd() const noexcept { return near_.get(); }
    uint64_t size() const { return file_size(far_.get(), "film"); }

    void fetch(const std::vector<ByteRange> &ranges) {
        ++requests_;
        for (const auto &[first, count] : ranges) {
            std::string bytes(count, '\0');
            const auto at = static_cast<off_t>(first);
            REQUIRE(::pread(far_.get(), bytes.data(), count, at) == static_cast<ssize_t>(count));
            REQUIRE(::pwrite(near_.get(), bytes.data(), count, at) == static_cast<ssize_t>(count));
            fetched_ += count;
        }
    }

    uint64_t fetched() const noexcept { return fetched_; }
    int requests() const noexcept { return requests_; }

private:
    Fd far_;
    Fd near_;
    uint64_t fetched_ = 0;
    int requests_ = 0;
};

} // namespace mp3conv::test
