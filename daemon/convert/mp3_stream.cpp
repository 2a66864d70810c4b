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
    ++frames_;
    channel_mode_ = frame.at(3);
    if (const auto header = parse_frame_header(frame)) seek_table_.add(header->kbps());
}

void Mp3Stream::finish(const Gaps &gaps) {
    LameTagFacts facts;
    facts.frames = frames_;
    facts.music_bytes = bytes() - tag_.size();
    facts.music_crc = crc_.value();
    facts.channel_mode = channel_mode_;
    facts.toc = seek_table_.toc();
    facts.gaps = gaps;
    output_.overwrite(start_, tag_.filled(facts));
}

} // namespace mp3conv::convert
