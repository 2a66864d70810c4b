#pragma once

#include <cstdint>
#include <functional>

#include "common/media/handles.hpp"

namespace mp3conv::convert {

/// Decodes the packets of one track. Samples that the container says are priming or padding never
/// come out.
class Decoder {
public:
    using Take = std::function<void(const AVFrame &)>;

    /// @throws Error{unsupported_codec} naming the codec.
    explicit Decoder(const AVStream &track);

    /// Hands each frame of the packet to `take`; a broken packet is counted and passed over.
    void decode(const AVPacket &packet, const Take &take);
    /// Hands on what the codec still holds; nothing may be decoded afterwards.
    void drain(const Take &take);

    uint64_t packets() const noexcept { return packets_; }
    uint64_t broken_packets() const noexcept { return broken_; }

private:
    bool send(const AVPacket *packet, const Take &take);

    media::Codec codec_;
    media::Frame frame_;
    uint64_t packets_ = 0;
    uint64_t broken_ = 0;
};

} // namespace mp3conv::convert
