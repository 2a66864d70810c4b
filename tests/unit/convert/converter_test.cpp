#include "daemon/convert/converter.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <doctest/doctest.h>
#include <numeric>
#include <sstream>
#include <unistd.h>
#include <vector>

#include "common/error.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

const std::string tone = "-f lavfi -i sine=440:r=44100:d=3 ";
const std::string stereo = "-f lavfi -i 'aevalsrc=0.3*sin(2765*t)|0.3*sin(3456*t):s=44100:d=3' ";
const std::string picture = "-f lavfi -i testsrc=d=3:s=64x64:r=10 ";

/// Overwrites some of a file's packets, and leaves in front of each what Matroska has there.
void damage(const std::string &path, const std::vector<size_t> &packets) {
    constexpr size_t block_header = 7;
    std::string bytes = bytes_of(path);
    std::istringstream table{output_of("ffprobe -v error -select_streams a -show_entries "
                                       "packet=pos,size -of csv=p=0 " +
                                       path)};
    std::vector<std::pair<size_t, size_t>> places;
    for (std::string line; std::getline(table, line);) {
        size_t at = 0;
        size_t size = 0;
        if (std::sscanf(line.c_str(), "%zu,%zu", &size, &at) == 2) places.emplace_back(at, size);
    }
    for (const size_t packet : packets) {
        const auto &[at, size] = places.at(packet);
        bytes.replace(at + block_header, size - block_header, size - block_header, '\xFF');
    }
    write_file(path, bytes);
}

/// What the conversion of a file ends with.
struct Refusal {
    Errc code = Errc::internal;
    std::string message = "none";
};

Refusal refusal_of(const std::string &from, const std::string &to, const Options &options = {}) {
    try {
        convert_file(from, to, options);
    } catch (const Error &e) {
        return {e.code(), e.what()};
    }
    return {};
}

/// @return the loudest sample.
int peak(const std::string &s16) {
    int loudest = 0;
    for (size_t i = 0; i + 1 < s16.size(); i += 2) {
        int16_t sample = 0;
        std::memcpy(&sample, s16.data() + i, 2);
        loudest = std::max(loudest, std::abs(int{sample}));
    }
    return loudest;
}

struct Sample {
    const char *name;
    std::string made_by;
    const char *format;
    const char *codec;
    int channels;
};

const Sample samples[] = {
    {"video.mp4", picture + stereo + "-c:v mpeg4 -c:a aac", "mp4", "aac", 2},
    {"trimmed.mov", picture + stereo + "-c:v mpeg4 -c:a aac -ss 0.7", "mov", "aac", 2},
    {"talk.mkv", tone + "-ar 48000 -c:a libopus", "matroska", "opus", 1},
    {"talk.webm", stereo + "-c:a libvorbis", "webm", "vorbis", 2},
    {"music.flac", stereo, "flac", "flac", 2},
    {"phone.wav", tone + "-ar 8000 -ac 1", "wav", "pcm_s16le", 1},
    {"odd.wav", stereo + "-af atrim=end_sample=12345", "wav", "pcm_s16le", 2},
    {"again.mp3", stereo + "-b:a 128k", "mp3", "mp3", 2},
    {"film.ts", picture + stereo + "-c:v mpeg4 -c:a ac3", "mpegts", "ac3", 2},
};

} // namespace

TEST_CASE("the MP3 is as long as the source, to the sample") {
    const TempDir dir;
    for (const Sample &sample : samples) {
        CAPTURE(sample.name);
        ffmpeg(sample.made_by + " " + (dir / sample.name));
        const convert::Report report = convert_file(dir / sample.name, dir / "out.mp3");
        CHECK(report.source.format == sample.format);
        CHECK(report.source.codec == sample.codec);
        CHECK(report.duration_s == doctest::Approx(*report.source.duration_s));
        CHECK(samples_in(dir / "out.mp3", sample.channels) ==
              samples_in(dir / sample.name, sample.channels));
    }
}

TEST_CASE("an MP3 of which nothing else is asked stays as it is, frame by frame") {
    const TempDir dir;
    for (const auto *options : {"-q:a 4", "-b:a 96k", "-b:a 64k -ac 1 -ar 22050"}) {
        CAPTURE(std::string{options});
        ffmpeg(stereo + options + " " + (dir / "in.mp3"));
        const convert::Report report = convert_file(dir / "in.mp3", dir / "out.mp3");
        CHECK(stream_of(dir / "out.mp3") == stream_of(dir / "in.mp3"));
        CHECK(report.duration_s == doctest::Approx(3));
    }
}

TEST_CASE("an MP3 of which something is asked is encoded again") {
    const TempDir dir;
    ffmpeg(stereo + "-b:a 320k " + (dir / "in.mp3"));
    Options options;
    options.preset = "voice";
    convert_file(dir / "in.mp3", dir / "out.mp3", options);
    CHECK(probed(dir / "out.mp3", "stream=sample_rate") == "24000");
}

TEST_CASE("an MP3 without an Info frame gets one, and decodes to the same") {
    const TempDir dir;
    for (const auto *bitrate : {"-b:a 48k", "-q:a 3"}) {
        ffmpeg(stereo + bitrate + " -write_xing 0 " + (dir / "in.mp3"));
        convert_file(dir / "in.mp3", dir / "out.mp3");
        const std::string stream = stream_of(dir / "out.mp3");
        CHECK(stream.find(bitrate[1] == 'b' ? "Info" : "Xing") == 36);
        CHECK((decoded(dir / "out.mp3") == decoded(dir / "in.mp3")));
        // mpg123 leaves out its own delay of 529 samples wherever there is an Info frame.
        const std::string before = output_of("mpg123 -q -s " + (dir / "in.mp3"));
        CHECK((output_of("mpg123 -q -s " + (dir / "out.mp3")) == before.substr(529 * 4)));
    }
}

TEST_CASE("MP3 in a video is copied too, and is as long as there") {
    const TempDir dir;
    ffmpeg(picture + stereo + "-c:v mpeg4 -c:a libmp3lame " + (dir / "video.mp4"));
    convert_file(dir / "video.mp4", dir / "out.mp3");
    CHECK((decoded(dir / "out.mp3") == decoded(dir / "video.mp4", "-map 0:a")));
}

TEST_CASE("MP3 of a container that knows of padding only keeps it") {
    const TempDir dir;
    ffmpeg(picture + stereo + "-c:v mpeg4 -c:a libmp3lame " + (dir / "video.mkv"));
    convert_file(dir / "video.mkv", dir / "out.mp3");
    const std::string before = decoded(dir / "video.mkv", "-map 0:a");
    const std::string after = decoded(dir / "out.mp3");
    CHECK(after.starts_with(before));
    CHECK(after.size() - before.size() < 1152 * 4);
}

TEST_CASE("an MP3 that breaks off says so in its Info frame") {
    const TempDir dir;
    ffmpeg(stereo + "-b:a 128k " + (dir / "whole.mp3"));
    const std::string bytes = bytes_of(dir / "whole.mp3");
    write_file(dir / "half.mp3", bytes.substr(0, bytes.size() / 2));
    convert_file(dir / "half.mp3", dir / "out.mp3");
    CHECK(complaints_about(dir / "out.mp3") == "");
    CHECK(std::stod(probed(dir / "out.mp3", "format=duration")) ==
          doctest::Approx(1.5).epsilon(0.05));
}

TEST_CASE("mpg123 hears the same length as ffmpeg, at any bitrate") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    for (const int bitrate_bps : {32000, 128000, 320000}) {
        Options options;
        options.bitrate_bps = bitrate_bps;
        convert_file(dir / "music.wav", dir / "out.mp3", options);
        CHECK(output_of("mpg123 -q -s " + (dir / "out.mp3")).size() == 3 * 44100 * 4);
        CHECK(samples_in(dir / "out.mp3", 2) == 3 * 44100);
    }
}

TEST_CASE("a studio's 96 kHz become 48 kHz of the same length") {
    const TempDir dir;
    ffmpeg(stereo + "-ar 96000 " + (dir / "studio.flac"));
    convert_file(dir / "studio.flac", dir / "out.mp3");
    CHECK(probed(dir / "out.mp3", "stream=sample_rate") == "48000");
    CHECK(std::abs(samples_in(dir / "out.mp3", 2) - 3 * 48000) <= 1);
}

TEST_CASE("decoders have no complaints, however low the bitrate") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    for (const auto *bitrate : {"8k", "40k", "192k"}) {
        Options options;
        set_option(options, "bitrate", bitrate);
        convert_file(dir / "music.wav", dir / "out.mp3", options);
        CHECK(output_of("ffmpeg -v warning -xerror -err_detect crccheck+bitstream+buffer+explode "
                        "-i " +
                        (dir / "out.mp3") + " -f null - 2>&1") == "");
    }
}

TEST_CASE("the MP3 sounds like its source") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    convert_file(dir / "music.wav", dir / "out.mp3");
    const std::string before = decoded(dir / "music.wav");
    const std::string after = decoded(dir / "out.mp3");
    REQUIRE(before.size() == after.size());
    double noise = 0;
    double signal = 0;
    for (size_t i = 0; i < before.size(); i += 2) {
        int16_t a = 0;
        int16_t b = 0;
        std::memcpy(&a, before.data() + i, 2);
        std::memcpy(&b, after.data() + i, 2);
        signal += double{1} * a * a;
        noise += double{1} * (a - b) * (a - b);
    }
    CHECK(noise < signal / 1000); // 30 dB below
}

TEST_CASE("5.1 does not clip") {
    const TempDir dir;
    const std::string full = "0.99*sin(2765*t)";
    ffmpeg("-f lavfi -i 'aevalsrc=" + full + "|" + full + "|" + full + "|0|" + full + "|" + full +
           ":c=5.1:s=48000:d=2' " + (dir / "loud.wav"));
    convert_file(dir / "loud.wav", dir / "out.mp3");
    CHECK(probed(dir / "out.mp3", "stream=channels") == "2");
    const int loudest = peak(decoded(dir / "out.mp3"));
    CHECK(loudest > 28000);
    CHECK(loudest < 32767);
}

TEST_CASE("sixteen channels that nobody named are all heard") {
    const TempDir dir;
    ffmpeg(tone + "-af 'pan=16c|c15=c0' " + (dir / "desk.wav"));
    convert_file(dir / "desk.wav", dir / "out.mp3");
    CHECK(peak(decoded(dir / "out.mp3")) > 100);
}

TEST_CASE("a recording that changes rate and channels midway goes on") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "a.aac"));
    ffmpeg(tone + "-ar 22050 " + (dir / "b.aac"));
    write_file(dir / "both.aac", bytes_of(dir / "a.aac") + bytes_of(dir / "b.aac"));
    convert_file(dir / "both.aac", dir / "out.mp3");
    const int64_t expected = samples_in(dir / "a.aac", 2) + 2 * samples_in(dir / "b.aac", 1);
    CHECK(std::abs(samples_in(dir / "out.mp3", 2) - expected) <= 2);
}

TEST_CASE("float samples that are no numbers harm nothing") {
    const TempDir dir;
    ffmpeg(tone + "-c:a pcm_f32le " + (dir / "wild.wav"));
    std::string bytes = bytes_of(dir / "wild.wav");
    for (size_t i = 1000; i + 8 < bytes.size(); i += 4000) {
        bytes.replace(i, 8, "\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x7E"); // not a number, and 1.7e38
    }
    write_file(dir / "wild.wav", bytes);
    convert_file(dir / "wild.wav", dir / "out.mp3");
    CHECK(samples_in(dir / "out.mp3", 1) == 3 * 44100);
}

TEST_CASE("a video without sound says so") {
    const TempDir dir;
    ffmpeg(picture + "-c:v mpeg4 " + (dir / "silent.mp4"));
    const Refusal refusal = refusal_of(dir / "silent.mp4", dir / "out.mp3");
    CHECK(refusal.code == Errc::no_audio_track);
    CHECK(refusal.message == "no audio track; nothing to convert");
}

TEST_CASE("a playlist is not media, whatever its name") {
    const TempDir dir;
    ffmpeg(tone + (dir / "secret.aac"));
    write_file(dir / "list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n" +
                                     (dir / "secret.aac") + "\n#EXT-X-ENDLIST\n");
    CHECK(refusal_of(dir / "list.mp4", dir / "out.mp3").code == Errc::not_media);
    write_file(dir / "list.mp4", "ffconcat version 1.0\nfile " + (dir / "secret.aac") + "\n");
    CHECK(refusal_of(dir / "list.mp4", dir / "out.mp3").code == Errc::not_media);
}

TEST_CASE("a text, an empty file and a folder are not media") {
    const TempDir dir;
    write_file(dir / "text.mp4", std::string(10000, 'a') + "\nhello\n");
    write_file(dir / "empty.mp4", "");
    CHECK(refusal_of(dir / "text.mp4", dir / "out.mp3").code == Errc::not_media);
    CHECK(refusal_of(dir / "empty.mp4", dir / "out.mp3").code == Errc::not_media);
    CHECK(refusal_of(dir.path(), dir / "out.mp3").code == Errc::local_file);
}

TEST_CASE("a file cut in the middle still gives what it has") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac -movflags faststart " + (dir / "whole.mp4"));
    const std::string bytes = bytes_of(dir / "whole.mp4");
    write_file(dir / "half.mp4", bytes.substr(0, bytes.size() / 2));
    const convert::Report report = convert_file(dir / "half.mp4", dir / "out.mp3");
    CHECK(report.duration_s > 1);
    CHECK(report.duration_s < 2);
}

TEST_CASE("a scratch in the middle is passed over") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a flac " + (dir / "whole.mka"));
    std::string bytes = bytes_of(dir / "whole.mka");
    bytes.replace(bytes.size() / 2, 2000, std::string(2000, 'x'));
    write_file(dir / "scratched.mka", bytes);
    CHECK(convert_file(dir / "scratched.mka", dir / "out.mp3").duration_s > 2);
}

TEST_CASE("damaged packets become silence of their length, and the file says how much") {
    const TempDir dir;
    for (const auto *name : {"music.m4a", "music.mka", "music.mp4"}) {
        CAPTURE(name);
        ffmpeg(stereo + "-c:a aac " + (dir / name));
        const auto samples = samples_in(dir / name, 2);
        damage(dir / name, {20, 50, 51, 52});
        const convert::Report report = convert_file(dir / name, dir / "out.mp3");
        CHECK(samples_in(dir / "out.mp3", 2) == samples);
        REQUIRE(report.source.lost_s);
        CHECK(*report.source.lost_s == doctest::Approx(4 * 1024 / 44100.0));
        CHECK(peak(decoded(dir / "out.mp3", "-af atrim=start_sample=51900:end_sample=52500")) <
              300);
        CHECK(peak(decoded(dir / "out.mp3", "-af atrim=start_sample=60000:end_sample=61000")) >
              3000);
    }
}

TEST_CASE("of a file that is whole, nothing was lost") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac " + (dir / "music.m4a"));
    CHECK_FALSE(convert_file(dir / "music.m4a", dir / "out.mp3").source.lost_s);
}

TEST_CASE("a file of which more than half is damaged is not converted") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac " + (dir / "music.m4a"));
    std::vector<size_t> most(80);
    std::iota(most.begin(), most.end(), 20);
    damage(dir / "music.m4a", most);
    const Refusal refusal = refusal_of(dir / "music.m4a", dir / "out.mp3");
    CHECK(refusal.code == Errc::corrupt_media);
    CHECK(refusal.message.find("less than half") != std::string::npos);
}

TEST_CASE("sound that is all zeros where there should be AAC is damaged") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac -movflags faststart " + (dir / "damaged.mp4"));
    std::string bytes = bytes_of(dir / "damaged.mp4");
    const size_t sound = bytes.find("mdat") + 4;
    bytes.replace(sound, bytes.size() - sound, std::string(bytes.size() - sound, '\0'));
    write_file(dir / "damaged.mp4", bytes);
    const Refusal refusal = refusal_of(dir / "damaged.mp4", dir / "out.mp3");
    CHECK(refusal.code == Errc::corrupt_media);
    CHECK(refusal.message.find("nothing could be decoded") != std::string::npos);
}

TEST_CASE("a track is chosen by its number or by its language") {
    const TempDir dir;
    ffmpeg(tone + stereo +
           "-map 0 -map 1 -c:a flac -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng " +
           (dir / "two.mkv"));
    const auto channels = [&](const char *name, const char *value) {
        Options options;
        set_option(options, name, value);
        convert_file(dir / "two.mkv", dir / "out.mp3", options);
        return probed(dir / "out.mp3", "stream=channels");
    };
    CHECK(channels("track", "1") == "1");
    CHECK(channels("track", "2") == "2");
    CHECK(channels("lang", "deu") == "1"); // the file says "ger": ISO 639-2 has both
    CHECK(channels("lang", "jpn,eng,deu") == "2");

    Options third;
    third.track = 3;
    const Refusal refusal = refusal_of(dir / "two.mkv", dir / "out.mp3", third);
    CHECK(refusal.code == Errc::no_audio_track);
    CHECK(refusal.message == "no audio track 3; there are only 2");
}

TEST_CASE("title and artist come along, in any script") {
    const TempDir dir;
    for (const auto *name : {"tagged.m4a", "tagged.ogg"}) {
        CAPTURE(name);
        ffmpeg(tone +
               "-metadata title='音楽 🎵' -metadata artist='Björk' -metadata track=3/12 "
               "-metadata date=1995-06-13 " +
               (dir / name));
        convert_file(dir / name, dir / "out.mp3");
        CHECK(probed(dir / "out.mp3", "format_tags=title") == "音楽 🎵");
        CHECK(probed(dir / "out.mp3", "format_tags=artist") == "Björk");
        CHECK(probed(dir / "out.mp3", "format_tags=date") == "1995");
        CHECK(samples_in(dir / "out.mp3", 1) == samples_in(dir / name, 1));
    }
}

TEST_CASE("cover, chapters and lyrics come along") {
    const TempDir dir;
    write_file(dir / "meta", ";FFMETADATA1\nlyrics=la la\\\nla\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Anfang\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=3000\ntitle=音\n");
    ffmpeg("-f lavfi -i testsrc=s=64x64 -frames:v 1 " + (dir / "cover.png"));
    ffmpeg(tone + "-i " + (dir / "cover.png") + " -i " + (dir / "meta") +
           " -map 0 -map 1 -map_metadata 2 -map_chapters 2 -c:v copy -disposition:v attached_pic " +
           (dir / "book.m4a"));
    convert_file(dir / "book.m4a", dir / "out.mp3");
    CHECK(probed(dir / "out.mp3", "chapter=start_time,end_time:chapter_tags=title") ==
          "0.000000\n1.000000\nAnfang\n1.000000\n3.000000\n音");
    CHECK(probed(dir / "out.mp3", "format_tags=lyrics-XXX") == "la la\nla");
    ffmpeg("-i " + (dir / "out.mp3") + " -map 0:v -c copy " + (dir / "again.png"));
    CHECK((bytes_of(dir / "again.png") == bytes_of(dir / "cover.png")));
    CHECK(samples_in(dir / "out.mp3", 1) == samples_in(dir / "book.m4a", 1));
}

TEST_CASE("of three hundred chapters the first 255 come along, and the report says so") {
    const TempDir dir;
    std::string meta = ";FFMETADATA1\n";
    for (int i = 0; i < 300; ++i) {
        meta += "[CHAPTER]\nTIMEBASE=1/100\nSTART=" + std::to_string(i) +
                "\nEND=" + std::to_string(i + 1) + "\n";
    }
    write_file(dir / "meta", meta);
    ffmpeg(tone + "-i " + (dir / "meta") + " -map 0 -map_chapters 1 " + (dir / "book.mka"));
    const convert::Report report = convert_file(dir / "book.mka", dir / "out.mp3");
    REQUIRE(report.note);
    CHECK(report.note->starts_with("only the first 255 of 300 chapters"));
    const std::string starts = probed(dir / "out.mp3", "chapter=start_time");
    CHECK(std::count(starts.begin(), starts.end(), '\n') == 254);
}

TEST_CASE("who asks for an ID3v1 tag finds it at the end") {
    const TempDir dir;
    ffmpeg(tone + "-metadata title=Ton " + (dir / "in.m4a"));
    Options options;
    set_option(options, "id3v1", "true");
    convert_file(dir / "in.m4a", dir / "out.mp3", options);
    const std::string bytes = bytes_of(dir / "out.mp3");
    CHECK(bytes.substr(bytes.size() - 128).starts_with("TAGTon"));
    CHECK(samples_in(dir / "out.mp3", 1) == samples_in(dir / "in.m4a", 1));
}

TEST_CASE("progress grows from 0 to 1") {
    const TempDir dir;
    ffmpeg(stereo + "-c:a aac " + (dir / "music.mp4"));
    std::vector<double> seen;
    convert_file(dir / "music.mp4", dir / "out.mp3", {},
                 [&](double part) { seen.push_back(part); });
    REQUIRE(seen.size() > 10);
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(seen.front() >= 0);
    CHECK(seen.front() < 0.1);
    CHECK(seen.back() > 0.95);
    CHECK(seen.back() <= 1);
}

TEST_CASE("progress that throws ends the conversion") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    int calls = 0;
    const auto cancel = [&](double) {
        if (++calls == 3) throw Error{Errc::cancelled, "cancelled"};
    };
    CHECK_THROWS_AS(convert_file(dir / "music.wav", dir / "out.mp3", {}, cancel), Error);
    CHECK(calls == 3);
}

TEST_CASE("a full disk is not the source's fault") {
    const TempDir dir;
    ffmpeg(stereo + (dir / "music.wav"));
    const Fd source = open_file(dir / "music.wav", O_RDONLY);
    const Fd full = open_file("/dev/full", O_WRONLY);
    try {
        convert::Cores cores{1};
        convert::convert(source.get(), full.get(), {}, cores, {});
        FAIL("nothing was thrown");
    } catch (const Error &e) {
        CHECK(e.code() == Errc::storage_full);
    }
}
