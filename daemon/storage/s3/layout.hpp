#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mp3conv::storage::s3 {

/// What the objects below a prefix are called. No key is ever written twice with other bytes:
///
///     blobs/NAME                a blob; while it comes in parts, an upload of that key
///     drafts/NAME/FIRST-END.ID  bytes FIRST to END of a draft that stays: those behind its parts.
///                               Who stores them makes the ID, at random
class Layout {
public:
    explicit Layout(std::string prefix) : blobs_{prefix + "blobs/"}, drafts_{prefix + "drafts/"} {}

    const std::string &blobs() const noexcept { return blobs_; }
    const std::string &drafts() const noexcept { return drafts_; }

    std::string blob(const std::string &name) const { return blobs_ + name; }
    std::string tails(const std::string &name) const { return drafts_ + name + '/'; }
    std::string tail(const std::string &name, uint64_t first, uint64_t end,
                     const std::string &id) const {
        return tails(name) + std::to_string(first) + '-' + std::to_string(end) + '.' + id;
    }

    /// @return the NAME in a key of a blob or a tail.
    std::string name_in(const std::string &key) const {
        const size_t begin = key.starts_with(blobs_) ? blobs_.size() : drafts_.size();
        return key.substr(begin, key.find('/', begin) - begin);
    }

private:
    std::string blobs_;
    std::string drafts_;
};

} // namespace mp3conv::storage::s3
