#include "daemon/convert/crc16.hpp"

#include <array>

namespace mp3conv::convert {
namespace {

constexpr uint16_t crc_of(unsigned byte) {
    unsigned crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xA001U : 0U);
    return static_cast<uint16_t>(crc);
}

constexpr auto table = [] {
    std::array<uint16_t, 256> crcs{};
    for (unsigned byte = 0; byte < 256; ++byte) crcs[byte] = crc_of(byte);
    return crcs;
}();

} // namespace

void Crc16::update(std::string_view bytes) noexcept {
    unsigned crc = value_;
    for (const char byte : bytes)
        crc = (crc >> 8) ^ table[(crc ^ static_cast<uint8_t>(byte)) & 255];
    value_ = static_cast<uint16_t>(crc);
}

} // namespace mp3conv::convert
