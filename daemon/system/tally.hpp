#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace mp3conv::system {

/// Counts what each key holds at present. Any thread may call.
template <typename Key>
class Tally {
public:
    /// One that is counted, for as long as it lives; the tally must outlive it.
    class Hold {
    public:
        Hold(Tally &tally, Key key) : tally_{&tally}, key_{std::move(key)} {}
        Hold(Hold &&other) noexcept :
            tally_{std::exchange(other.tally_, nullptr)},
            key_{std::move(other.key_)} {}
        Hold &operator=(Hold &&) = delete;
        ~Hold() {
            if (tally_ != nullptr) tally_->give_back(key_);
        }

    private:
        Tally *tally_;
        Key key_;
    };

    /// @return nullopt where the key holds `most` already.
    std::optional<Hold> take(const Key &key, size_t most) {
        const std::lock_guard lock{mutex_};
        size_t &count = counts_[key];
        if (count >= most) return std::nullopt;
        ++count;
        return Hold{*this, key};
    }

private:
    void give_back(const Key &key) {
        const std::lock_guard lock{mutex_};
        const auto found = counts_.find(key);
        if (--found->second == 0) counts_.erase(found);
    }

    std::mutex mutex_;
    std::map<Key, size_t> counts_;
};

} // namespace mp3conv::system
