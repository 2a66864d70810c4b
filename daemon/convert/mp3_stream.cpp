#include "daemon/convert/mp3_stream.hpp"

#include <string>
#include <utility>

#include "daemon/convert/frame_header.hpp"

namespace mp3conv::convert {

Mp3Stream::Mp3Stream(Output &output, LameTag tag) :
    output_{output},
    tag_{std::move(tag)},
    start_{output.size_bytes()} {
    output_.write(std::string(tag_.size(), '\0')); // kept free
}

void Mp3Stream::write(std::string_view frame) {
    output_.write(frame);
    crc_.update(frame);
    const int kbps = parse_frame_header(frame).value().kbps();
    seek_table_.add(kbps);
    is_constant_ = is_constant_ && (frames_ == 0 || kbps == kbps_);
    kbps_ = kbps;
    channel_mode_ = frame[3];
    ++frames_;
}

void Mp3Stream::finish(const std::optional<Gaps> &gaps) {
    LameTagFacts facts;
    facts.frames = frames_;
    facts.music_bytes = bytes() - tag_.size();
    facts.music_crc = crc_.value();
    facts.channel_mode = channel_mode_;
    facts.is_constant = is_constant_;
    facts.toc = seek_table_.toc();
    facts.gaps = gaps;
    output_.overwrite(start_, tag_.filled(facts));
}

} // namespace mp3conv::convert
