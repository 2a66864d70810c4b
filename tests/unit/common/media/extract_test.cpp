#include "common/media/extract.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "common/error.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

const std::string sound = "-f lavfi -i 'aevalsrc=0.3*sin(2765*t)|0.3*sin(3456*t):s=48000:d=3' ";
const std::string picture = "-f lavfi -i testsrc=d=3:s=320x240:r=10 ";
const std::string film = picture + sound + "-c:v mpeg4 -q:v 1 ";

std::optional<media::Extract> extract(const std::string &from, const std::string &to,
                                      const Options &options = {}) {
    const Fd source = open_file(from, O_RDONLY);
    const Fd target = open_file(to, O_RDWR | O_CREAT | O_TRUNC);
    return media::extract_audio(source.get(), target.get(), options, [](double) {});
}

Errc refusal_of(const std::string &from, const std::string &to, const Options &options = {}) {
    try {
        extract(from, to, options);
    } catch (const Error &e) {
        return e.code();
    }
    return Errc::internal;
}

/// Checks that the MP3 of the audio alone is that of the whole file.
void check_same_mp3(const TempDir &dir, const std::string &name, const Options &options = {}) {
    CAPTURE(name);
    REQUIRE(extract(dir / name, dir / "audio", options));
    CHECK(std::filesystem::file_size(dir / "audio") < std::filesystem::file_size(dir / name));
    const convert::Report whole = convert_file(dir / name, dir / "whole.mp3", options);
    const convert::Report audio = convert_file(dir / "audio", dir / "audio.mp3");
    CHECK(audio.source.codec == whole.source.codec);
    CHECK(*audio.source.duration_s == doctest::Approx(*whole.source.duration_s));
    CHECK((bytes_of(dir / "audio.mp3") == bytes_of(dir / "whole.mp3")));
}

/// @return the bytes with some of them changed, but for those at either end.
std::string damaged(std::string bytes, unsigned seed) {
    std::mt19937 random{seed};
    for (int i = 0; i < 20; ++i) {
        bytes[bytes.size() / 10 + random() % (bytes.size() * 8 / 10)] = static_cast<char>(random());
    }
    return bytes;
}

std::string mp3_or_why_not(const std::string &from, const std::string &to) try {
    convert_file(from, to);
    return bytes_of(to);
} catch (const Error &e) {
    return e.what();
}

/// @return bytes that this process has read, of files and all else.
uint64_t bytes_read() {
    std::ifstream file{"/proc/self/io"};
    std::string name;
    uint64_t bytes = 0;
    file >> name >> bytes;
    CHECK(name == "rchar:");
    return bytes;
}

struct Sample {
    const char *name;
    std::string made_by;
};

const Sample samples[] = {
    {"aac.mp4", film + "-c:a aac"},
    {"ac3.mp4", film + "-c:a ac3"},
    {"mp3.mp4", film + "-c:a libmp3lame"},
    {"alac.mp4", film + "-c:a alac"},
    {"opus.mp4", film + "-c:a libopus"},
    {"flac.mp4", film + "-c:a flac -strict -2"},
    {"faststart.mp4", film + "-c:a aac -movflags faststart"},
    {"fragmented.mp4", film + "-c:a aac -movflags frag_keyframe+empty_moov"},
    {"fragmented_ac3.mp4", film + "-c:a ac3 -movflags frag_keyframe+delay_moov"},
    {"fragmented_mp3.mp4", film + "-c:a libmp3lame -movflags frag_keyframe+empty_moov"},
    {"dash.mp4", film + "-c:a aac -movflags dash"},
    {"aac.mkv", film + "-c:a aac"},
    {"mp3.mkv", film + "-c:a libmp3lame"},
    {"opus.mkv", film + "-c:a libopus"},
    {"flac.mkv", film + "-c:a flac"},
    {"pcm.mkv", film + "-ac 1 -c:a pcm_s16le"},
    {"opus.webm", picture + sound + "-c:v libvpx -b:v 3M -deadline realtime -c:a libopus"},
    {"vorbis.webm", picture + sound + "-c:v libvpx -b:v 3M -deadline realtime -c:a libvorbis"},
    {"pcm.mov", film + "-ac 1 -c:a pcm_s16le"},
    {"pcm_big_endian.mov", film + "-ac 1 -c:a pcm_s24be"},
    {"mulaw.mov", film + "-ar 8000 -c:a pcm_mulaw"},
    {"aac.mov", film + "-c:a aac -movflags faststart"},
    {"trimmed.mov", film + "-c:a aac -ss 0.7"},
    {"aac.3gp", film + "-c:a aac"},
    {"mp3.avi", film + "-c:a libmp3lame"},
    {"aac.flv", picture + sound + "-c:v flv -q:v 1 -c:a aac"},
    {"ac3.ts", film + "-c:a ac3"},
    {"mp2.mpg", picture + sound + "-r 25 -c:v mpeg2video -q:v 1 -c:a mp2"},
    {"wma.asf", film + "-c:a wmav2"},
    {"opus.ogv", picture + sound + "-c:v libtheora -q:v 10 -c:a libopus"},
};

} // namespace

TEST_CASE("the MP3 of the audio alone is that of the whole file, byte by byte") {
    const TempDir dir;
    for (const Sample &sample : samples) {
        ffmpeg(sample.made_by + " " + (dir / sample.name));
        check_same_mp3(dir, sample.name);
    }
}

TEST_CASE("a track that begins late, or in the middle of a packet, still gives the same MP3") {
    const TempDir dir;
    ffmpeg(film + "-c:a aac " + (dir / "film.mp4"));
    const std::string twice = "-i " + (dir / "film.mp4") + " -map 0:a -map 1:v -c copy ";
    for (const auto *name : {"late.mp4", "late.mkv"}) {
        ffmpeg("-itsoffset 0.5 -i " + (dir / "film.mp4") + " " + twice + (dir / name));
        check_same_mp3(dir, name);
    }
    ffmpeg("-ss 0.7 -i " + (dir / "film.mp4") + " -c copy " + (dir / "cut.mp4"));
    check_same_mp3(dir, "cut.mp4");
}

TEST_CASE("of several tracks the one asked for is taken, and its MP3 is the same") {
    const TempDir dir;
    for (const auto *name : {"film.mp4", "film.mkv"}) {
        ffmpeg(picture + sound +
               "-f lavfi -i sine=d=3 -map 0 -map 1 -map 2 -c:v mpeg4 -q:v 1 "
               "-metadata:s:a:0 language=deu -metadata:s:a:1 language=eng " +
               (dir / name));
        Options second;
        second.track = 2;
        check_same_mp3(dir, name, second);
        CHECK(probed(dir / "audio.mp3", "stream=channels") == "1");
        CHECK(probed(dir / "audio", "stream_tags=language") == "eng");
        Options german;
        german.lang = "deu";
        check_same_mp3(dir, name, german);
        CHECK(probed(dir / "audio.mp3", "stream=channels") == "2");
    }
}

TEST_CASE("title, cover, chapters and lyrics are in the audio that is sent") {
    const TempDir dir;
    write_file(dir / "meta", ";FFMETADATA1\ntitle=Über Käfer\nartist=Anna\nalbum_artist=A\n"
                             "track=3/12\ndisc=1/2\ndate=2026-01-02\ngenre=Talk\ncomposer=C\n"
                             "comment=one\\\ntwo\nlyrics=la la\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Anfang\n"
                             "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=3000\ntitle=音\n");
    ffmpeg("-f lavfi -i testsrc=s=64x64 -frames:v 1 " + (dir / "cover.jpg"));
    const std::string tagged = picture + sound + "-i " + (dir / "meta") +
                               " -map_metadata 2 -map_chapters 2 -map 0 -map 1 -c:v mpeg4 -q:v 1 ";
    ffmpeg(tagged + (dir / "talk.mov"));
    ffmpeg(tagged + "-movflags use_metadata_tags " + (dir / "keys.mov"));
    ffmpeg(tagged + "-attach " + (dir / "cover.jpg") + " -metadata:s:t mimetype=image/jpeg " +
           (dir / "talk.mkv"));
    ffmpeg("-i " + (dir / "cover.jpg") + " " + tagged +
           "-map 0 -map 1 -map 2:a -map_metadata 3 -map_chapters 3 -c:v:0 copy "
           "-disposition:v:0 attached_pic " +
           (dir / "talk.mp4"));
    for (const auto *name : {"talk.mov", "keys.mov", "talk.mkv", "talk.mp4"}) {
        check_same_mp3(dir, name);
        CHECK(probed(dir / "audio.mp3", "format_tags=title") == "Über Käfer");
        CHECK(probed(dir / "audio.mp3", "chapter_tags=title") == "Anfang\n音");
    }
    CHECK(probed(dir / "audio.mp3", "stream_disposition=attached_pic") == "0\n1");
}

TEST_CASE("what is damaged in a video sounds the same without its pictures") {
    const TempDir dir;
    int extracted = 0;
    for (const auto *name : {"film.mp4", "film.mkv", "film.avi"}) {
        ffmpeg(film + "-c:a aac " + (dir / name));
        const std::string bytes = bytes_of(dir / name);
        for (unsigned seed = 0; seed < 10; ++seed) {
            CAPTURE(name);
            CAPTURE(seed);
            write_file(dir / "film", damaged(bytes, seed));
            if (!extract(dir / "film", dir / "audio")) continue;
            ++extracted;
            CHECK((mp3_or_why_not(dir / "audio", dir / "audio.mp3") ==
                   mp3_or_why_not(dir / "film", dir / "whole.mp3")));
        }
    }
    CHECK(extracted > 20);
}

TEST_CASE("the same video gives the same audio, byte by byte") {
    const TempDir dir;
    for (const auto *name : {"film.mp4", "film.mkv", "film.mov", "film.ts"}) {
        CAPTURE(name);
        ffmpeg(film + "-c:a aac -metadata title=Talk " + (dir / name));
        REQUIRE(extract(dir / name, dir / "first"));
        REQUIRE(extract(dir / name, dir / "second"));
        CHECK((bytes_of(dir / "first") == bytes_of(dir / "second")));
    }
}

TEST_CASE("the audio is in a container of the same kind as the video") {
    const TempDir dir;
    for (const auto *name : {"film.mp4", "film.mov", "film.mkv", "film.3gp", "film.ts"}) {
        CAPTURE(name);
        ffmpeg(film + "-c:a aac " + (dir / name));
        REQUIRE(extract(dir / name, dir / "audio"));
        CHECK(convert_file(dir / "audio", dir / "out.mp3").source.format ==
              convert_file(dir / name, dir / "out.mp3").source.format);
    }
}

TEST_CASE("of a part, only what is around it is sent, and the MP3 is the same, byte by byte") {
    const TempDir dir;
    const std::string music = "-f lavfi -i 'aevalsrc=0.3*sin(2765*t)|0.3*sin(9*t*t):s=48000:d=20' ";
    const std::string scene =
        "-f lavfi -i testsrc=d=20:s=320x240:r=10 " + music + "-c:v mpeg4 -q:v 1 ";
    // Where noise is told by its loudness only, a decoder's depends on all it has made before.
    const std::string aac = "-c:a aac -aac_pns 0 ";
    const Sample recordings[] = {
        {"aac.mp4", scene + aac},
        {"trimmed.mov", scene + aac + "-ss 0.7"},
        {"alac.mp4", scene + "-c:a alac"},
        {"flac.mp4", scene + "-c:a flac -strict -2"},
        {"pcm.mov", scene + "-c:a pcm_s16le"},
        {"aac.m4a", music + aac},
        {"aac.mkv", scene + aac},
        {"mp3.mp4", scene + "-c:a libmp3lame"},
    };
    Options part;
    part.start_s = 9.3217;
    part.end_s = 11.25;
    for (const Sample &sample : recordings) {
        CAPTURE(std::string{sample.name});
        ffmpeg(sample.made_by + " " + (dir / sample.name));
        const auto made = extract(dir / sample.name, dir / "audio", part);
        REQUIRE(made);
        Options rest = part;
        *rest.start_s -= made->begin_s;
        *rest.end_s -= made->begin_s;
        convert_file(dir / sample.name, dir / "whole.mp3", part);
        convert_file(dir / "audio", dir / "audio.mp3", rest);
        CHECK((bytes_of(dir / "audio.mp3") == bytes_of(dir / "whole.mp3")));
        const double sent_s = std::stod(probed(dir / "audio", "format=duration"));
        const bool can_drop_head = made->begin_s > 0;
        CHECK(sent_s < (can_drop_head ? 6 : 14));
        CHECK(can_drop_head ==
              (sample.name != std::string{"aac.mkv"} && sample.name != std::string{"mp3.mp4"}));
    }
}

TEST_CASE("two videos with the same sound give the same audio") {
    const TempDir dir;
    ffmpeg(film + "-c:a aac " + (dir / "film.mp4"));
    ffmpeg("-i " + (dir / "film.mp4") + " -c:a copy -c:v mjpeg " + (dir / "other.mp4"));
    REQUIRE(extract(dir / "film.mp4", dir / "first"));
    REQUIRE(extract(dir / "other.mp4", dir / "second"));
    CHECK((bytes_of(dir / "first") == bytes_of(dir / "second")));
}

TEST_CASE("of a file with an index, less than a quarter is read") {
    const TempDir dir;
    ffmpeg("-f lavfi -i testsrc=d=16:s=320x240:r=25 -f lavfi -i sine=d=16 -c:v rawvideo "
           "-pix_fmt uyvy422 -c:a aac " +
           (dir / "film.mov"));
    const uint64_t before = bytes_read();
    REQUIRE(extract(dir / "film.mov", dir / "audio"));
    CHECK(bytes_read() - before < std::filesystem::file_size(dir / "film.mov") / 4);
}

TEST_CASE("a recording is sent as it is, also with a cover") {
    const TempDir dir;
    ffmpeg(sound + "-c:a aac " + (dir / "plain.m4a"));
    CHECK_FALSE(extract(dir / "plain.m4a", dir / "audio"));
    ffmpeg("-f lavfi -i testsrc=s=640x480 -frames:v 1 " + (dir / "cover.png"));
    ffmpeg("-i " + (dir / "cover.png") + " -i " + (dir / "plain.m4a") +
           " -map 0 -map 1 -c copy -disposition:v attached_pic " + (dir / "covered.m4a"));
    CHECK_FALSE(extract(dir / "covered.m4a", dir / "audio"));
}

TEST_CASE("a file that is nearly all sound is sent whole") {
    const TempDir dir;
    ffmpeg("-f lavfi -i color=d=3:s=16x16:r=1 " + sound + "-c:v mpeg4 -c:a pcm_s16le " +
           (dir / "film.mkv"));
    CHECK_FALSE(extract(dir / "film.mkv", dir / "audio"));
}

TEST_CASE("what no other container holds as it is, is sent whole") {
    const TempDir dir;
    // Ogg's Vorbis headers name who wrote them, and Matroska rounds to milliseconds.
    ffmpeg(picture + sound + "-c:v libtheora -q:v 10 -c:a libvorbis " + (dir / "film.ogv"));
    CHECK_FALSE(extract(dir / "film.ogv", dir / "audio"));
    // Fragments do not tell libavformat how long a packet is; it counts where one is damaged.
    ffmpeg(film + "-c:a libopus -movflags frag_keyframe+empty_moov " + (dir / "fragmented.mp4"));
    CHECK_FALSE(extract(dir / "fragmented.mp4", dir / "audio"));
}

TEST_CASE("a video without sound, and what is no media, is told before anything is sent") {
    const TempDir dir;
    ffmpeg(picture + "-c:v mpeg4 " + (dir / "silent.mp4"));
    CHECK(refusal_of(dir / "silent.mp4", dir / "audio") == Errc::no_audio_track);
    write_file(dir / "text.mp4", std::string(10000, 'a') + "\nhello\n");
    CHECK(refusal_of(dir / "text.mp4", dir / "audio") == Errc::not_media);
    ffmpeg(film + "-c:a aac " + (dir / "film.mp4"));
    Options third;
    third.track = 3;
    CHECK(refusal_of(dir / "film.mp4", dir / "audio", third) == Errc::no_audio_track);
}

TEST_CASE("a full disk is a local fault") {
    const TempDir dir;
    ffmpeg(film + "-c:a aac " + (dir / "film.mp4"));
    const Fd source = open_file(dir / "film.mp4", O_RDONLY);
    const Fd full = open_file("/dev/full", O_RDWR);
    try {
        media::extract_audio(source.get(), full.get(), {}, [](double) {});
        FAIL("nothing was thrown");
    } catch (const Error &e) {
        CHECK(e.code() == Errc::local_file);
        CHECK(std::string{e.what()}.find("No space left on device") != std::string::npos);
    }
}

TEST_CASE("whoever is called meanwhile can end the extraction") {
    const TempDir dir;
    ffmpeg(film + "-c:a aac " + (dir / "film.mp4"));
    const Fd source = open_file(dir / "film.mp4", O_RDONLY);
    const Fd target = open_file(dir / "audio", O_RDWR | O_CREAT);
    const auto end = [](double) { throw Error{Errc::interrupted, "interrupted"}; };
    CHECK_THROWS_AS(media::extract_audio(source.get(), target.get(), {}, end), Error);
}
