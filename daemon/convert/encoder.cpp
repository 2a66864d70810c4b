#include "daemon/convert/encoder.hpp"

#include <vector>

#include "common/error.hpp"
#include "daemon/convert/denormals.hpp"

namespace mp3conv::convert {
namespace {

void feed(FrameParser &parser, const std::vector<unsigned char> &buffer, int size) {
    if (size < 0) throw Error{Errc::conversion_failed, "lame cannot encode its audio; try again"};
    parser.feed({reinterpret_cast<const char *>(buffer.data()), static_cast<size_t>(size)});
}

} // namespace

Encoder::Encoder(const EncoderSettings &settings, uint64_t first_frame) :
    lame_{open_lame(settings, false)},
    begin_{first_frame} {}

void Encoder::encode(const Pcm &pcm) {
    const NoDenormals fast;
    std::vector<unsigned char> buffer(most_lame_bytes(static_cast<size_t>(pcm.samples)));
    feed(parser_, buffer,
         lame_encode_buffer_ieee_float(lame_.get(), pcm.left, pcm.right, pcm.samples, buffer.data(),
                                       static_cast<int>(buffer.size())));
}

void Encoder::finish() {
    const NoDenormals fast;
    std::vector<unsigned char> buffer(most_lame_bytes(0));
    feed(parser_, buffer,
         lame_encode_flush(lame_.get(), buffer.data(), static_cast<int>(buffer.size())));
}

void Encoder::parse() {
    while (auto frame = parser_.next()) frames_.push_back(std::move(*frame));
}

void Encoder::drop_before(uint64_t number) {
    while (begin_ < number && !frames_.empty()) {
        frames_.pop_front();
        ++begin_;
    }
}

} // namespace mp3conv::convert
