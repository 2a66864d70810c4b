#pragma once

#include <functional>

#include "common/media/handles.hpp"

namespace mp3conv::convert {

/// Decodes the packets of one track. Samples that the container says are priming or padding never
/// come out; where a packet is broken, silence as long comes out instead.
class Decoder {
public:
    using Take = std::function<void(const AVFrame &)>;

    /// @param track outlives the decoder.
    /// @throws Error{unsupported_codec} naming the codec.
    explicit Decoder(const AVStream &track);

    /// Hands on the frames of the packet. Silence follows with the next frame that can be decoded:
    /// only then is it known what silence is like here.
    void decode(const AVPacket &packet, const Take &take);
    /// Hands on what the codec still holds; nothing may be decoded afterwards.
    void drain(const Take &take);

    /// @return seconds that are silence because their packets were broken.
    double lost_s() const noexcept { return lost_s_; }

private:
    bool send(const AVPacket *packet, const Take &take);
    void hand_on(const Take &take);
    void lose(const AVPacket &packet);
    void hand_on_silence(const AVFrame &like, const Take &take);

    const AVStream &track_;
    media::Codec codec_;
    media::Frame frame_;
    media::Frame last_;    ///< that was handed on
    double packet_s_ = 0;  ///< of the packet, what has come out
    double usual_s_ = 0;   ///< what came out of the last packet that was whole
    double pending_s_ = 0; ///< lost, and not yet handed on as silence
    double lost_s_ = 0;
};

} // namespace mp3conv::convert
