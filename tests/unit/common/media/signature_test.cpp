#include "common/media/signature.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <string>

#include "common/error.hpp"
#include "common/fd.hpp"
#include "common/media/demuxer.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

namespace {

const std::string tone = "-f lavfi -i sine=d=2:r=48000 ";
const std::string film = "-f lavfi -i testsrc=d=2:s=64x64:r=25 " + tone;

struct Sample {
    const char *name;
    std::string made_by;
    const char *container;
};

const Sample samples[] = {
    {"a.mp4", film, "mov"},
    {"a.mov", film, "mov"},
    {"a.3gp", film + "-c:v mpeg4 -c:a aac", "mov"},
    {"fragments.mp4", film + "-movflags frag_keyframe+empty_moov", "mov"},
    {"a.mkv", film, "matroska"},
    {"a.webm", tone + "-c:a libopus", "matroska"},
    {"a.wav", tone, "wav"},
    {"rf64.wav", tone + "-rf64 always", "wav"},
    {"a.w64", tone, "w64"},
    {"a.flac", tone, "flac"},
    {"a.ogg", tone + "-c:a libvorbis", "ogg"},
    {"a.opus", tone, "ogg"},
    {"a.mp3", tone, "mp3"},
    {"bare.mp3", tone + "-id3v2_version 0 -write_xing 0", "mp3"},
    {"lsf.mp3", tone + "-ar 11025", "mp3"},
    {"a.mp2", tone, "mp3"},
    {"lsf.mp2", tone + "-ar 22050", "mp3"},
    {"a.aac", tone, "aac"},
    {"a.ac3", tone, "ac3"},
    {"a.eac3", tone, "eac3"},
    {"a.aiff", tone, "aiff"},
    {"a.caf", tone, "caf"},
    {"a.au", tone, "au"},
    {"a.avi", film, "avi"},
    {"a.flv", film + "-ar 44100", "flv"},
    {"a.ts", film, "mpegts"},
    {"a.m2ts", film + "-f mpegts -mpegts_m2ts_mode 1", "mpegts"},
    {"a.mpg", film, "mpeg"},
    {"a.wma", tone, "asf"},
};

std::string container_of_bytes(const TempDir &dir, const std::string &bytes) {
    write_file(dir / "some.bytes", bytes);
    const Fd fd = open_file(dir / "some.bytes", O_RDONLY);
    return std::string{media::container_of(fd.get())};
}

/// @return a tag of that many bytes with nothing in it.
std::string id3(size_t size) {
    std::string tag{"ID3\4\0\0", 6};
    for (int shift = 21; shift >= 0; shift -= 7) tag += static_cast<char>(size >> shift & 0x7F);
    return tag + std::string(size, '\0');
}

} // namespace

TEST_CASE("each container is known by its first bytes, and opens") {
    const TempDir dir;
    av_log_set_level(AV_LOG_QUIET);
    for (const Sample &sample : samples) {
        CAPTURE(std::string{sample.name});
        ffmpeg(sample.made_by + " " + (dir / sample.name));
        const Fd fd = open_file(dir / sample.name, O_RDONLY);
        CHECK(media::container_of(fd.get()) == sample.container);
        CHECK_NOTHROW(media::Demuxer{fd.get()});
    }
}

TEST_CASE("tags in front are passed over, be they ten megabytes or several") {
    const TempDir dir;
    for (const char *name : {"a.mp3", "a.aac", "a.flac", "a.aiff"}) {
        CAPTURE(std::string{name});
        ffmpeg(tone + (dir / name));
        const std::string bytes = bytes_of(dir / name);
        const std::string plain = container_of_bytes(dir, bytes);
        CHECK(container_of_bytes(dir, id3(10 << 20) + bytes) == plain);
        CHECK(container_of_bytes(dir, id3(0) + id3(300) + bytes) == plain);
    }
}

TEST_CASE("a stream that was recorded from its middle is known by its frames") {
    const TempDir dir;
    ffmpeg(tone + (dir / "a.mp3"));
    ffmpeg(tone + (dir / "a.aac"));
    ffmpeg(film + (dir / "a.ts"));
    CHECK(container_of_bytes(dir, bytes_of(dir / "a.mp3").substr(3000)) == "mp3");
    CHECK(container_of_bytes(dir, std::string(5000, '\0') + stream_of(dir / "a.mp3")) == "mp3");
    CHECK(container_of_bytes(dir, bytes_of(dir / "a.aac").substr(100)) == "aac");
    CHECK(container_of_bytes(dir, bytes_of(dir / "a.ts").substr(100)) == "mpegts");
}

TEST_CASE("what names other files is no container, and neither is anything else") {
    const TempDir dir;
    for (const char *text :
         {"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n",
          "ffconcat version 1.0\nfile '/etc/passwd'\n",
          "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
          "[playlist]\nFile1=http://127.0.0.1/\n", "<?xml version=\"1.0\"?><MPD/>", "RIFF", "ID3",
          "ID3\4\0\0\x7f\x7f\x7f\x7f", "\xff\xfb", "", "\x89PNG\r\n\x1a\n", "%PDF-1.7\n", "PK\3\4",
          "#!/bin/sh\n"}) {
        CAPTURE(std::string{text});
        CHECK(container_of_bytes(dir, text) == "");
    }
    ffmpeg("-f lavfi -i testsrc2=d=1:s=640x480 -frames:v 1 " + (dir / "a.jpg"));
    CHECK(container_of_bytes(dir, bytes_of(dir / "a.jpg")) == "");
}

TEST_CASE("a file is read as what it begins as, whatever is made to look like another") {
    const TempDir dir;
    write_file(dir / "list.mp4", "#EXTM3U\n#EXTINF:10,\n/etc/passwd\n");
    const Fd fd = open_file(dir / "list.mp4", O_RDONLY);
    CHECK_THROWS_WITH_AS(media::Demuxer{fd.get()}, doctest::Contains("not a media file"), Error);
}
