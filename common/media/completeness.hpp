#pragma once

#include <cstdint>

#include "common/media/handles.hpp"
#include "common/media/source.hpp"

namespace mp3conv::media {

/// Holds what a file's head says that there is of it against what there is. It knows where that can
/// be known: an index that points behind the end, a length in the head, a last packet that is not
/// whole. Ogg, MPEG and streams without a container can break off without a trace.
class Completeness {
public:
    /// Call before anything behind the head is read: libavformat then adds guesses of its own.
    /// @throws Error{local_file}.
    Completeness(const AVFormatContext &container, const Source &source);

    /// Notes how a read of the next packet ended: with AVERROR_EOF, another error, or a packet.
    void see_end(int error) noexcept;
    void see(const AVPacket &packet) noexcept;

    /// @param heard_s what has come out of the track, from its beginning to its end.
    /// @return whether there was more of it once.
    bool is_cut(const AVStream &track, double heard_s) const noexcept;

    /// @return whether the index plays more bytes than the file has, by naming some again and
    ///         again.
    bool repeats(const AVStream &track) const noexcept;

private:
    const AVFormatContext &container_;
    uint64_t file_bytes_;
    double told_s_ = 0;      ///< how long the track is, where the head knows; else 0
    bool broke_off_ = false; ///< the file ends before it should
};

} // namespace mp3conv::media
