#include "common/media/signature.hpp"

#include <array>
#include <cstdint>
#include <string>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/media/frame_chain.hpp"

namespace mp3conv::media {
namespace {

using namespace std::string_view_literals;

// Recordings of a stream begin in the middle of a frame, and some MP3s with zeros.
constexpr size_t head_bytes = 64 << 10;

struct Signature {
    size_t at;
    std::string_view bytes;
    std::string_view container;
};

constexpr std::array signatures{
    Signature{4, "ftyp"sv, "mov"},
    // QuickTime files of before 2001, and fragments: any box may be the first.
    Signature{4, "moov"sv, "mov"}, Signature{4, "mdat"sv, "mov"}, Signature{4, "wide"sv, "mov"},
    Signature{4, "free"sv, "mov"}, Signature{4, "skip"sv, "mov"}, Signature{4, "pnot"sv, "mov"},
    Signature{4, "styp"sv, "mov"}, Signature{4, "uuid"sv, "mov"},
    Signature{0, "\x1A\x45\xDF\xA3"sv, "matroska"}, // EBML (RFC 8794)
    Signature{8, "WAVE"sv, "wav"},                  // behind RIFF, RIFX, RF64 or BW64 and a size
    Signature{8, "AVI "sv, "avi"}, Signature{0, "riff\x2E\x91\xCF\x11"sv, "w64"},
    Signature{0, "fLaC"sv, "flac"}, Signature{0, "OggS"sv, "ogg"}, Signature{8, "AIFF"sv, "aiff"},
    Signature{8, "AIFC"sv, "aiff"}, Signature{0, "caff"sv, "caf"}, Signature{0, ".snd"sv, "au"},
    Signature{0, "#!AMR"sv, "amr"}, Signature{0, "FLV\1"sv, "flv"},
    Signature{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv, "asf"},
    Signature{0, "\0\0\1\xBA"sv, "mpeg"}, // a pack header (ISO 13818-1, 2.5.3.3)
};

std::string read_at(const Source &source, uint64_t offset, size_t size) {
    std::string bytes(size, '\0');
    const ssize_t got = source.read(offset, bytes.data(), size);
    if (got < 0) {
        throw Error{Errc::local_file, "cannot read the source; try again later", errno_text()};
    }
    bytes.resize(static_cast<size_t>(got));
    return bytes;
}

/// @return length of the ID3v2 tag with which these bytes begin; 0 where they begin with none.
/// @source id3.org, ID3v2.4.0, 3.1: four times seven bits; bit 4 of the flags tells of a footer.
uint64_t id3_bytes(std::string_view bytes) {
    if (!bytes.starts_with("ID3") || bytes.size() < 10) return 0;
    uint64_t size = 0;
    for (size_t i = 6; i < 10; ++i) size = size << 7 | (static_cast<uint8_t>(bytes[i]) & 0x7F);
    return size + (bytes[5] & 0x10 ? 20 : 10);
}

/// Tags may stand in front of MP3, AAC, FLAC and AIFF, and some programs leave several.
uint64_t end_of_tags(const Source &source) {
    constexpr int most_tags = 8;
    uint64_t at = 0;
    for (int i = 0; i < most_tags; ++i) {
        const uint64_t size = id3_bytes(read_at(source, at, 10));
        if (size == 0) break;
        at += size;
    }
    return at;
}

std::string_view by_signature(std::string_view head) {
    for (const Signature &signature : signatures) {
        const bool is_so =
            head.size() >= signature.at && head.substr(signature.at).starts_with(signature.bytes);
        if (is_so) return signature.container;
    }
    return {};
}

} // namespace

std::string_view container_of(const Source &source) {
    const std::string head = read_at(source, end_of_tags(source), head_bytes);
    const std::string_view container = by_signature(head);
    return container.empty() ? container_of_frames(head) : container;
}

} // namespace mp3conv::media
