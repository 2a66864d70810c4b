// A video from which the client takes its audio, on the computer of whoever sends it and without a
// sandbox: what comes out is smaller, has one track, and can be read.

#include "common/media/extract.hpp"
#include "common/error.hpp"
#include "common/media/demuxer.hpp"
#include "common/media/track.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;

namespace {

constexpr int most_looks = 1000; // at packets

void look_at(int audio, uint64_t source_bytes) {
    fuzz::require(file_size(audio, "the audio") < source_bytes, "what is sent is smaller");
    media::Demuxer demuxer{audio};
    demuxer.select(media::choose_track(demuxer.container(), {}));
    for (unsigned i = 0; i < demuxer.container().nb_streams; ++i) {
        const AVStream &stream = *demuxer.container().streams[i];
        const bool is_cover = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        const bool is_sound = stream.index == demuxer.track().index;
        const bool is_text = stream.codecpar->codec_type != AVMEDIA_TYPE_AUDIO &&
                             stream.codecpar->codec_type != AVMEDIA_TYPE_VIDEO; // of chapters
        fuzz::require(is_sound || is_cover || is_text, "only the sound is sent, and its cover");
    }
}

void extract(int source, uint64_t source_bytes, const Options &options) {
    const Fd audio = fuzz::memory_file();
    const auto meanwhile = [looks = 0](double part) mutable {
        fuzz::require(part >= 0 && part <= 1, "a part is a part");
        if (++looks > most_looks) throw Error{Errc::interrupted, "enough"};
    };
    try {
        const auto extract = media::extract_audio(source, audio.get(), options, meanwhile);
        if (!extract) return;
        fuzz::require(extract->begin_s >= 0, "nothing begins before the recording");
        look_at(audio.get(), source_bytes);
    } catch (const Error &) { // refused
    }
}

void look(std::string_view bytes) {
    av_max_alloc(256 << 20);
    const Fd source = fuzz::memory_file(bytes);
    extract(source.get(), bytes.size(), {});
    Options part;
    part.start_s = 1;
    part.end_s = 2;
    extract(source.get(), bytes.size(), part);
}

const fuzz::Target target{"extract", look};

} // namespace
