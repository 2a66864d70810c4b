// What the benches need of the engine without the daemon around it.
//
//   engine convert THREADS SOURCE MP3 [NAME=VALUE...]   as the daemon does
//   engine serial SOURCE MP3 [NAME=VALUE...]            with one LAME from beginning to end
//   engine compare MP3 MP3                              how many frames are the same
//   engine noise SOURCE SERIAL-MP3 MP3 [NAME=VALUE...]  how much more noise there is at joins
//   engine cancel THREADS SOURCE MP3 [NAME=VALUE...]    how soon a conversion ends

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/media/demuxer.hpp"
#include "common/media/track.hpp"
#include "daemon/convert/converter.hpp"
#include "daemon/convert/decoder.hpp"
#include "daemon/convert/encoder.hpp"
#include "daemon/convert/encoder_settings.hpp"
#include "daemon/convert/frame_parser.hpp"
#include "daemon/convert/mp3_stream.hpp"
#include "daemon/convert/output.hpp"
#include "daemon/convert/resampler.hpp"
#include "daemon/convert/segmenter.hpp"

using namespace mp3conv;
using namespace mp3conv::convert;

namespace {

using Arguments = std::vector<std::string>;

Options options_in(const Arguments &arguments, size_t first) {
    Options options;
    for (size_t i = first; i < arguments.size(); ++i) {
        const auto equals = arguments[i].find('=');
        set_option(options, arguments[i].substr(0, equals), arguments[i].substr(equals + 1));
    }
    return options;
}

uint64_t frame_samples(const EncoderSettings &settings) {
    return static_cast<uint64_t>(grid_for(settings).frame_samples);
}

Fd create(const std::string &path) {
    return open_file(path, O_RDWR | O_CREAT | O_TRUNC);
}

void convert_file(const Arguments &arguments) {
    Cores cores{std::stoi(arguments.at(1))};
    const Fd source = open_file(arguments.at(2), O_RDONLY);
    const Fd mp3 = create(arguments.at(3));
    convert::convert(source.get(), mp3.get(), options_in(arguments, 4), cores, {});
}

/// Hands on what is heard of a file's track, as it is fed to LAME.
template <typename Take>
void decode(const std::string &path, const Options &options, const Take &take) {
    const Fd source = open_file(path, O_RDONLY);
    media::Demuxer demuxer{source.get()};
    demuxer.select(media::choose_track(demuxer.container(), options));
    Decoder decoder{demuxer.track()};
    const media::Packet packet{av_packet_alloc()};
    while (demuxer.read(*packet)) decoder.decode(*packet, take);
    decoder.drain(take);
}

/// The samples of a file, in blocks that come as they are filled.
class Samples {
public:
    Samples(const std::string &path, const Options &options,
            const std::function<void(const Pcm &)> &take) {
        decode(path, options, [&](const AVFrame &frame) {
            if (!segmenter_) start(frame, options, take);
            resampler_->convert(frame, *segmenter_);
        });
        resampler_->flush(*segmenter_);
        segmenter_->finish();
    }

    const EncoderSettings &settings() const { return settings_; }
    /// The frames at which segments begin, the first left out.
    const std::vector<uint64_t> &joins() const { return joins_; }
    uint64_t count() const { return segmenter_->samples(); }

private:
    void start(const AVFrame &frame, const Options &options,
               const std::function<void(const Pcm &)> &take) {
        settings_ = settle(options, frame.sample_rate, frame.ch_layout.nb_channels);
        resampler_.emplace(settings_.rate_hz, settings_.channels);
        segmenter_.emplace(settings_, [&](const Segment &segment) {
            if (!segment.is_first()) joins_.push_back(segment.own_frame);
            for (const auto &block : segment.own_blocks()) take(block->pcm());
        });
    }

    EncoderSettings settings_;
    std::vector<uint64_t> joins_;
    std::optional<Resampler> resampler_;
    std::optional<Segmenter> segmenter_;
};

EncoderSettings settings_for(const std::string &path, const Options &options) {
    EncoderSettings settings;
    decode(path, options, [&](const AVFrame &frame) {
        settings = settle(options, frame.sample_rate, frame.ch_layout.nb_channels);
    });
    return settings;
}

/// The reference: the same samples, one LAME.
void encode_serially(const Arguments &arguments) {
    const std::string &path = arguments.at(1);
    const Options options = options_in(arguments, 3);
    const Fd mp3 = create(arguments.at(2));
    Output output{mp3.get()};
    Encoder encoder{settings_for(path, options), 0};
    const Samples samples{path, options, [&](const Pcm &pcm) { encoder.encode(pcm); }};
    encoder.finish();

    Mp3Stream stream{output, LameTag::of_encoder(samples.settings())};
    std::string_view rest = encoder.unparsed(); // as LAME laid it
    while (const auto header = parse_frame_header(rest)) {
        stream.write(rest.substr(0, header->bytes()));
        rest.remove_prefix(header->bytes());
    }
    const uint64_t held = stream.frames() * frame_samples(samples.settings());
    stream.finish(Gaps{lame_delay, static_cast<int>(held - lame_delay - samples.count())});
    output.flush();
}

struct Sound {
    EncoderSettings settings;
    std::vector<float> left;
    std::vector<float> right;
    std::vector<uint64_t> joins; ///< were it encoded
};

Sound sound_of(const std::string &path, const Options &options) {
    Sound sound;
    const Samples samples{path, options, [&](const Pcm &pcm) {
                              sound.left.insert(sound.left.end(), pcm.left, pcm.left + pcm.samples);
                              sound.right.insert(sound.right.end(), pcm.right,
                                                 pcm.right + pcm.samples);
                          }};
    sound.settings = samples.settings();
    sound.joins = samples.joins();
    return sound;
}

double noise(const std::vector<float> &source, const std::vector<float> &mp3, size_t begin,
             size_t end) {
    constexpr double floor =
        1e-12; // 120 dB below full scale: nothing to hear, nothing to divide by
    double sum = 0;
    for (size_t i = begin; i < std::min({end, source.size(), mp3.size()}); ++i) {
        const double difference = double{mp3[i]} - double{source[i]};
        sum += difference * difference;
    }
    return sum / static_cast<double>(end - begin) + floor;
}

double worse_db(const Sound &source, const Sound &serial, const Sound &joined,
                std::vector<float> Sound::*channel, size_t at, size_t window) {
    const double before = noise(source.*channel, serial.*channel, at, at + window);
    const double after = noise(source.*channel, joined.*channel, at, at + window);
    return 10 * std::log10(after / before);
}

/// Prints how many samples the source and the MP3 have, how many joins there are, and by how many
/// dB the worst has more noise than the serial MP3 has there, in 32 frames at a time from where its
/// segment begins: encoders take turns within the next 490.
void compare_noise(const Arguments &arguments) {
    const Options options = options_in(arguments, 4);
    const Sound source = sound_of(arguments.at(1), options);
    const Sound serial = sound_of(arguments.at(2), {});
    const Sound joined = sound_of(arguments.at(3), {});
    const size_t window = 32 * frame_samples(source.settings);
    double worst_db = 0;
    for (const uint64_t join : source.joins) {
        for (size_t i = 0; i <= 490 / 32; ++i) {
            const size_t at = join * frame_samples(source.settings) + i * window;
            worst_db =
                std::max({worst_db, worse_db(source, serial, joined, &Sound::left, at, window),
                          worse_db(source, serial, joined, &Sound::right, at, window)});
        }
    }
    std::printf("%zu %zu %zu %.3f\n", source.left.size(), joined.left.size(), source.joins.size(),
                worst_db);
}

/// Prints the longest time between two reports of progress, and how long it took to end once a
/// report had thrown, in milliseconds.
void cancel(const Arguments &arguments) {
    using Clock = std::chrono::steady_clock;
    using Ms = std::chrono::duration<double, std::milli>;
    Cores cores{std::stoi(arguments.at(1))};
    const Fd source = open_file(arguments.at(2), O_RDONLY);
    const Fd mp3 = create(arguments.at(3));
    Ms longest{0};
    auto last = Clock::now();
    const auto progress = [&](double part) {
        longest = std::max<Ms>(longest, Clock::now() - last);
        last = Clock::now();
        if (part > 0.3) throw Error{Errc::cancelled, "cancelled"};
    };
    try {
        convert::convert(source.get(), mp3.get(), options_in(arguments, 4), cores, progress);
    } catch (const Error &) {
        const Ms ended = Clock::now() - last;
        std::printf("%.0f %.0f\n", longest.count(), ended.count());
    }
}

/// @return the frames behind the ID3 tag and the Info frame.
std::vector<Frame> frames_of(const std::string &path) {
    std::ifstream file{path, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    if (bytes.starts_with("ID3")) {
        size_t size = 0;
        for (size_t i = 6; i < 10; ++i) size = size << 7 | static_cast<uint8_t>(bytes[i]);
        bytes.erase(0, size + 10);
    }
    FrameParser parser;
    parser.feed(std::string_view{bytes}.substr(parse_frame_header(bytes).value().bytes()));
    std::vector<Frame> frames;
    while (auto frame = parser.next()) frames.push_back(std::move(*frame));
    return frames;
}

/// Prints how many frames there are, how many of them decode to the same, in how many runs the
/// others stand, and how many sit in the reservoir alike; then where each run begins and its
/// length.
void compare(const Arguments &arguments) {
    const auto a = frames_of(arguments.at(1));
    const auto b = frames_of(arguments.at(2));
    size_t same = 0;
    size_t runs = 0;
    bool in_run = false;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        const bool is_same = is_same_sound(a[i], b[i]);
        same += is_same;
        runs += !is_same && !in_run;
        in_run = !is_same;
    }
    std::printf("%zu %zu %zu %zu\n", a.size(), b.size(), same, runs);
}

using Command = void (*)(const Arguments &);
constexpr std::pair<std::string_view, Command> commands[] = {
    {"convert", convert_file}, {"serial", encode_serially}, {"compare", compare},
    {"noise", compare_noise},  {"cancel", cancel},
};

} // namespace

int main(int argc, char **argv) try {
    av_log_set_level(AV_LOG_QUIET);
    const Arguments arguments{argv + 1, argv + argc};
    const std::string command = arguments.empty() ? "" : arguments[0];
    for (const auto &[name, run] : commands) {
        if (command != name) continue;
        run(arguments);
        return 0;
    }
    std::fprintf(stderr, "engine: use convert, serial, compare, noise or cancel\n");
    return 2;
} catch (const std::exception &e) {
    std::fprintf(stderr, "engine: %s\n", e.what());
    return 1;
}
