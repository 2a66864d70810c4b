#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/media/completeness.hpp"
#include "common/media/handles.hpp"
#include "common/media/lookahead.hpp"
#include "common/media/source.hpp"

namespace mp3conv::media {

/// A source as libavformat reads it. Callbacks cannot throw: a failure of the disk is kept here.
struct SourceFile {
    Source source;
    int64_t size = 0;
    int64_t position = 0;
    int failed_errno = 0;
};

/// Reads packets from one media file and opens nothing else: playlists and
/// other formats that point elsewhere are not media here.
class Demuxer {
public:
    /// @throws Error{not_media}, {local_file}.
    explicit Demuxer(const Source &source);
    Demuxer(const Demuxer &) = delete;
    Demuxer &operator=(const Demuxer &) = delete;

    AVFormatContext &container() const noexcept { return *container_; }
    const AVStream &track() const noexcept { return *container_->streams[track_]; }

    /// Only packets of this stream are read from now on.
    void select(int track) noexcept;

    /// Reads the next packet of the selected track.
    /// @return false at the end, also where the file breaks off early.
    /// @throws Error{local_file} when the disk fails.
    bool read(AVPacket &packet);

    const Completeness &completeness() const noexcept { return *completeness_; }

    /// @return up to that many bytes of the file in front of a position, as they are.
    std::string bytes_before(int64_t position, size_t count) const;

    /// @return the container's short name as people know it: "mp4", "mov", "webm", "wav".
    std::string format() const;

private:
    void open(std::string_view kind);
    bool is_webm() const noexcept;

    SourceFile file_;
    Io io_;
    Input container_;
    std::optional<Completeness> completeness_;
    std::optional<Lookahead> lookahead_; ///< where packets are brought from elsewhere
    int track_ = 0;
    bool plays_all_ = false; ///< the edit lists leave out no more than priming
};

} // namespace mp3conv::media
