#include "daemon/convert/lame_tag.hpp"

#include <algorithm>
#include <array>

namespace mp3conv::convert {
namespace {

constexpr size_t tag_bytes = 156; // "Info" to tag CRC

// ISO 11172-3, 2.4.2.3: kbit/s by index.
constexpr std::array mpeg1_kbps{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
constexpr std::array mpeg2_kbps{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};

bool is_mpeg1(const EncoderSettings &settings) {
    return settings.rate_hz >= 32000;
}

int kbps_at(const EncoderSettings &settings, size_t index) {
    return is_mpeg1(settings) ? mpeg1_kbps[index] : mpeg2_kbps[index];
}

/// Frames hold 1152 samples in MPEG-1 and 576 in MPEG-2.
size_t frame_bytes(const EncoderSettings &settings, int kbps) {
    const int bytes_per_kbit_hz = is_mpeg1(settings) ? 144000 : 72000;
    return static_cast<size_t>(bytes_per_kbit_hz * kbps / settings.rate_hz);
}

/// The header and the side information, which is empty here.
size_t start_bytes(const EncoderSettings &settings) {
    if (is_mpeg1(settings)) return settings.channels == 1 ? 4 + 17 : 4 + 32;
    return settings.channels == 1 ? 4 + 9 : 4 + 17;
}

size_t bitrate_index(const EncoderSettings &settings) {
    size_t index = 1;
    while (frame_bytes(settings, kbps_at(settings, index)) < start_bytes(settings) + tag_bytes) {
        ++index;
    }
    return index;
}

void put(std::string &bytes, size_t width, uint32_t value) {
    while (width-- > 0) bytes += static_cast<char>(value >> (8 * width));
}

void put_header(std::string &bytes, const EncoderSettings &settings) {
    constexpr std::array mpeg1_rates{44100, 48000, 32000}; // halved in MPEG-2, again in 2.5
    int halvings = 0;
    while (settings.rate_hz << halvings < 32000) ++halvings;
    const auto rate = static_cast<uint32_t>(
        std::find(mpeg1_rates.begin(), mpeg1_rates.end(), settings.rate_hz << halvings) -
        mpeg1_rates.begin());
    constexpr std::array<uint32_t, 3> versions{3, 2, 0};
    const uint32_t version = versions[static_cast<size_t>(halvings)];
    const uint32_t mode = settings.channels == 1 ? 3 : 1; // mono or joint stereo
    const auto bitrate = static_cast<uint32_t>(bitrate_index(settings));
    put(bytes, 4,
        0xFFE30000 | version << 19 | bitrate << 12 | rate << 10 | mode << 6 | 4 /* original */);
    bytes.resize(start_bytes(settings), '\0');
}

/// Where each hundredth of the playing time begins, in 256ths of the bytes.
void put_seek_table(std::string &bytes) {
    for (uint32_t percent = 0; percent < 100; ++percent) put(bytes, 1, percent * 256 / 100);
}

void put_lame_part(std::string &bytes, const EncoderSettings &settings, const LameTagFacts &facts,
                   uint32_t all_bytes) {
    std::string version = "LAME" + std::string{facts.lame_version};
    version.resize(9, ' ');
    bytes += version;
    put(bytes, 1, 1); // revision 0, constant bitrate
    put(bytes, 1, static_cast<uint32_t>(facts.lowpass_hz / 100));
    put(bytes, 4, 0); // peak and
    put(bytes, 4, 0); // gains: not measured
    put(bytes, 1, 0); // encoding flags and ATH: not told
    put(bytes, 1, static_cast<uint32_t>(settings.bitrate_kbps));
    put(bytes, 3, static_cast<uint32_t>(facts.delay << 12 | facts.padding));
    put(bytes, 4, 0); // source, mp3gain and preset: not told
    put(bytes, 4, all_bytes);
    put(bytes, 2, facts.music_crc);
}

} // namespace

void Crc16::update(std::string_view bytes) noexcept {
    for (const char byte : bytes) {
        unsigned crc = value_ ^ static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xA001U : 0U);
        value_ = static_cast<uint16_t>(crc);
    }
}

bool lame_leaves_out_tag(const EncoderSettings &settings) noexcept {
    return settings.mode == BitrateMode::constant &&
           frame_bytes(settings, settings.bitrate_kbps) < start_bytes(settings) + tag_bytes;
}

size_t lame_tag_size(const EncoderSettings &settings) noexcept {
    return frame_bytes(settings, kbps_at(settings, bitrate_index(settings)));
}

std::string lame_tag(const EncoderSettings &settings, const LameTagFacts &facts) {
    const size_t size = lame_tag_size(settings);
    const auto all_bytes = static_cast<uint32_t>(size + facts.music_bytes);
    std::string bytes;
    put_header(bytes, settings);
    bytes += "Info";
    put(bytes, 4, 0xF); // frames, bytes, seek table and quality follow
    put(bytes, 4, facts.frames);
    put(bytes, 4, all_bytes);
    put_seek_table(bytes);
    put(bytes, 4, 0); // quality: not told
    put_lame_part(bytes, settings, facts, all_bytes);
    Crc16 crc;
    crc.update(bytes);
    put(bytes, 2, crc.value());
    bytes.resize(size, '\0');
    return bytes;
}

} // namespace mp3conv::convert
