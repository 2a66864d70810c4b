#include "daemon/convert/converter.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>

#include "tests/unit/convert/conversion.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::test;

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
