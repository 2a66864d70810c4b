#pragma once

#include <cstdint>
#include <string_view>

namespace mp3conv::convert {

/// CRC-16 as the LAME tag has it: polynomial 0x8005, reflected, from 0.
class Crc16 {
public:
    void update(std::string_view bytes) noexcept;
    uint16_t value() const noexcept { return value_; }

private:
    uint16_t value_ = 0;
};

} // namespace mp3conv::convert
