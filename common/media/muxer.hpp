#pragma once

#include <cstdint>

#include "common/media/handles.hpp"
#include "common/media/metadata.hpp"
#include "common/media/target_file.hpp"

namespace mp3conv::media {

/// Writes one audio track, as it is, into a container of its own. The same track makes the same
/// bytes: neither the time nor chance is in them.
///
/// Whatever the container cannot hold is no error: its functions return false, and the file is
/// good for nothing.
class Muxer {
public:
    /// @param target empty, writable and seekable.
    /// @param container libavformat's name of it: "mp4", "matroska".
    Muxer(int target, const char *container);
    Muxer(const Muxer &) = delete;
    Muxer &operator=(const Muxer &) = delete;

    /// Begins the file.
    /// @param track where the packets will be from.
    /// @throws Error{local_file} when the disk fails, as all here.
    bool start(const AVStream &track, const Metadata &metadata);

    /// @param packet of the track; comes back with its times in the container's units.
    bool write(AVPacket &packet);

    /// Ends the file. Nothing may be written afterwards.
    bool finish();

    uint64_t size_bytes() const noexcept { return static_cast<uint64_t>(file_.size); }

private:
    bool add_track(const AVStream &track);
    bool write_header();
    bool write_picture(const Cover &cover);
    bool went_well(int result) const;

    TargetFile file_;
    Io io_;
    Output container_;
    AVRational time_base_{}; ///< of the packets
};

} // namespace mp3conv::media
