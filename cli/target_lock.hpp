#pragma once

#include <string>

#include "common/fd.hpp"

namespace mp3conv::cli {

/// Keeps other mp3conv of this user from making the same MP3 for as long as the object lives.
class TargetLock {
public:
    /// @param target path of the MP3; standard output is nobody's. @throws Error{local_file}.
    explicit TargetLock(const std::string &target);

    /// @return false while another process is at it.
    bool is_held() const { return held_; }

private:
    Fd file_;
    bool held_ = true;
};

} // namespace mp3conv::cli
