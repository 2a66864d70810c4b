#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/system/bell.hpp"

namespace mp3conv::system {

/// A bell for each thing that has an ID, of which some share one: who waits for one thing is not
/// woken by every other. Any thread may call.
class Bells {
public:
    /// @return that of the ID, which has the same number on all machines.
    Bell &of(std::string_view id) noexcept { return bells_[number_of(id)]; }

    void ring_all() {
        for (auto &bell : bells_) bell.ring();
    }

    auto begin() noexcept { return bells_.begin(); }
    auto end() noexcept { return bells_.end(); }

private:
    static constexpr size_t size = 64;

    /// FNV-1a, 32 bits.
    static constexpr size_t number_of(std::string_view id) noexcept {
        uint32_t hash = 0x811c9dc5;
        for (const char character : id) {
            hash = (hash ^ static_cast<unsigned char>(character)) * 0x01000193;
        }
        return hash % size;
    }

    std::array<Bell, size> bells_;
};

} // namespace mp3conv::system
