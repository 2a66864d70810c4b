#include "common/media/edit_list.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mp3conv::media {
namespace {

constexpr int most_boxes = 10000; // a film has some hundred; more are somebody's trap
constexpr uint64_t plain_speed = 1 << 16;

struct Box {
    uint64_t name = 0;
    uint64_t begin = 0; ///< of what is in it
    uint64_t end = 0;
};

constexpr uint64_t name_of(std::string_view text) {
    uint64_t name = 0;
    for (const char letter : text) name = name << 8 | static_cast<uint8_t>(letter);
    return name;
}

/// The boxes of a file. @source ISO 14496-12, 4.2.
class Boxes {
public:
    explicit Boxes(const Source &source) : source_{source}, file_{0, 0, source.size()} {}

    const Box &file() const noexcept { return file_; }

    /// @return 0 where the file has less.
    uint64_t number(uint64_t at, size_t bytes) const {
        std::array<char, 8> buffer{};
        const ssize_t got = source_.read(at, buffer.data(), bytes);
        return got == static_cast<ssize_t>(bytes) ? name_of({buffer.data(), bytes}) : 0;
    }

    std::vector<Box> in(const Box &parent) {
        std::vector<Box> boxes;
        for (uint64_t at = parent.begin; at + 8 <= parent.end && left_ > 0; --left_) {
            boxes.push_back(box_at(at, parent.end));
            at = boxes.back().end;
        }
        return boxes;
    }

    std::optional<Box> find(const Box &parent, std::string_view name) {
        const auto boxes = in(parent);
        const auto found = std::find_if(boxes.begin(), boxes.end(),
                                        [&](const Box &box) { return box.name == name_of(name); });
        return found == boxes.end() ? std::nullopt : std::optional{*found};
    }

    bool are_too_many() const noexcept { return left_ == 0; }

private:
    Box box_at(uint64_t at, uint64_t end) const {
        const uint64_t told = number(at, 4);
        const bool is_large = told == 1;
        const uint64_t head = is_large ? 16 : 8;
        const uint64_t size = is_large ? number(at + 8, 8) : told;
        const bool is_sane = size >= head && size <= end - at; // 0: up to the end
        return {number(at + 4, 4), at + head, is_sane ? at + size : end};
    }

    const Source &source_;
    Box file_;
    int left_ = most_boxes;
};

/// @source ISO 14496-12, 8.2.2.
int64_t movie_hz_in(const Boxes &boxes, const Box &header) {
    const bool is_long = boxes.number(header.begin, 1) == 1;
    return static_cast<int64_t>(boxes.number(header.begin + (is_long ? 20 : 12), 4));
}

/// @source ISO 14496-12, 8.6.6.
std::optional<Edit> only_edit_in(const Boxes &boxes, const Box &list) {
    const bool is_long = boxes.number(list.begin, 1) == 1;
    const size_t bytes = is_long ? 8 : 4;
    const uint64_t at = list.begin + 8;
    const bool is_one = boxes.number(list.begin + 4, 4) == 1 && at + 2 * bytes + 4 <= list.end;
    const uint64_t begin = boxes.number(at + bytes, bytes);
    const bool is_pause = begin >> (8 * bytes - 1) != 0; // which is -1
    if (!is_one || is_pause || boxes.number(at + 2 * bytes, 4) != plain_speed) return std::nullopt;
    return Edit{static_cast<int64_t>(begin), static_cast<int64_t>(boxes.number(at, bytes))};
}

/// Adds a track's edit. @return false where it has others.
bool add_track(Edits &edits, Boxes &boxes, const Box &track) {
    const auto container = boxes.find(track, "edts");
    const auto list = container ? boxes.find(*container, "elst") : std::nullopt;
    edits.tracks.push_back(list ? only_edit_in(boxes, *list) : std::nullopt);
    return !list || edits.tracks.back();
}

} // namespace

std::optional<Edits> read_edits(const Source &source) {
    Boxes boxes{source};
    const auto movie = boxes.find(boxes.file(), "moov");
    if (!movie) return std::nullopt;
    Edits edits;
    for (const Box &box : boxes.in(*movie)) {
        if (box.name == name_of("mvhd")) edits.movie_hz = movie_hz_in(boxes, box);
        if (box.name == name_of("trak") && !add_track(edits, boxes, box)) return std::nullopt;
    }
    if (edits.movie_hz <= 0 || boxes.are_too_many()) return std::nullopt;
    return edits;
}

} // namespace mp3conv::media
