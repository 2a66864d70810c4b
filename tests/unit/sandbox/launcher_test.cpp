#include "daemon/sandbox/launcher.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>

#include "common/error.hpp"
#include "daemon/sandbox/deadline.hpp"
#include "daemon/sandbox/helper.hpp"
#include "tests/unit/convert/elsewhere.hpp"
#include "tests/unit/convert/mp3.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::sandbox;
using namespace mp3conv::test;
using namespace std::chrono_literals;

namespace {

const std::string tone = "-f lavfi -i sine=440:d=";

struct Enough {};

class Files {
public:
    explicit Files(const TempDir &dir, const std::string &made_by) : path_{dir / "out.mp3"} {
        ffmpeg(made_by + " " + (dir / "in.wav"));
        source_ = open_file(dir / "in.wav", O_RDONLY);
        mp3_ = open_file(path_, O_RDWR | O_CREAT | O_TRUNC);
    }

    convert::Report convert(Launcher &launcher, const convert::Progress &progress = {}) {
        return launcher.convert({source_.get()}, mp3_.get(), {}, progress);
    }

    const std::string &mp3() const { return path_; }

private:
    std::string path_;
    Fd source_;
    Fd mp3_;
};

std::set<pid_t> children_of(pid_t pid) {
    const std::string id = std::to_string(pid);
    std::ifstream list{"/proc/" + id + "/task/" + id + "/children"};
    std::set<pid_t> children;
    for (pid_t child = 0; list >> child;) children.insert(child);
    return children;
}

/// Starts a launcher and knows its helper.
struct Watched {
    std::set<pid_t> before = children_of(::getpid());
    Launcher launcher{0s};

    /// @return nullopt where it is not there, or where /proc does not show it just now.
    std::optional<pid_t> helper() const {
        for (const pid_t child : children_of(::getpid())) {
            if (!before.contains(child)) return child;
        }
        return std::nullopt;
    }

    /// @return likewise the one that converts.
    std::optional<pid_t> converter() const {
        const auto parent = helper();
        const auto children = parent ? children_of(*parent) : std::set<pid_t>{};
        return children.empty() ? std::nullopt : std::optional{*children.begin()};
    }
};

/// Kills, once the conversion runs, whom `choose` names; returns what the conversion comes to.
Errc errc_when_killed(Watched &watched, Files &files,
                      const std::function<std::optional<pid_t>()> &choose) {
    try {
        files.convert(watched.launcher, [&, killed = false](double part) mutable {
            const auto victim = part > 0 && !killed ? choose() : std::nullopt;
            if (victim) killed = ::kill(*victim, SIGKILL) == 0;
        });
    } catch (const Error &e) {
        return e.code();
    }
    return Errc::internal;
}

} // namespace

TEST_CASE("an MP3 is the same, made in the sandbox or outside") {
    const TempDir dir;
    Files files{dir, tone + "40"};
    Launcher launcher{0s};
    double last = 0;
    const auto report = files.convert(launcher, [&](double part) {
        CHECK(part >= last);
        last = part;
    });
    CHECK(report.duration_s == doctest::Approx(40));
    CHECK(report.source.codec == "pcm_s16le");
    convert_file(dir / "in.wav", dir / "outside.mp3");
    CHECK((bytes_of(files.mp3()) == bytes_of(dir / "outside.mp3")));
}

TEST_CASE("what is wrong with a source is told from the sandbox as from outside") {
    const TempDir dir;
    write_file(dir / "notes.txt", "just a line of text\n");
    const Fd source = open_file(dir / "notes.txt", O_RDONLY);
    const Fd mp3 = open_file(dir / "out.mp3", O_RDWR | O_CREAT);
    Launcher launcher{0s};
    CHECK_THROWS_WITH_AS(launcher.convert({source.get()}, mp3.get(), {}, {}),
                         doctest::Contains("not a media file"), Error);
}

TEST_CASE("bytes of a source come as the child asks for them") {
    const TempDir dir;
    ffmpeg("-f lavfi -i testsrc=d=20:s=640x480:r=25 " + tone +
           "20 -c:v rawvideo "
           "-pix_fmt uyvy422 -c:a aac " +
           (dir / "film.mov"));
    convert_file(dir / "film.mov", dir / "whole.mp3");
    Elsewhere film{dir / "film.mov"};
    const Fd mp3 = open_file(dir / "out.mp3", O_RDWR | O_CREAT);
    Launcher{0s}.convert({film.fd(), [&](const auto &ranges, const auto &) { film.fetch(ranges); }},
                         mp3.get(), {}, {});
    CHECK((bytes_of(dir / "out.mp3") == bytes_of(dir / "whole.mp3")));
    CHECK(film.fetched() < film.size() / 4);
}

TEST_CASE("where bytes of a source cannot be had, the conversion ends with the reason") {
    const TempDir dir;
    ffmpeg(tone + "20 " + (dir / "in.wav"));
    Elsewhere sound{dir / "in.wav"};
    const Fd mp3 = open_file(dir / "out.mp3", O_RDWR | O_CREAT);
    Launcher launcher{0s};
    int asked = 0;
    const auto fetch = [&](const auto &ranges, const auto &) {
        if (++asked == 3) throw Enough{};
        sound.fetch(ranges);
    };
    CHECK_THROWS_AS(launcher.convert({sound.fd(), fetch}, mp3.get(), {}, {}), Enough);
}

TEST_CASE("what the progress throws ends the child") {
    const TempDir dir;
    Files files{dir, tone + "600"};
    Watched watched;
    CHECK_THROWS_AS(files.convert(watched.launcher, [](double) { throw Enough{}; }), Enough);
    while (watched.converter()) {
    } // else this test never ends
}

TEST_CASE("a child that is killed is no fault of its file, and the next one runs") {
    const TempDir dir;
    Files files{dir, tone + "600"};
    Watched watched;
    CHECK(errc_when_killed(watched, files, [&] { return watched.converter(); }) ==
          Errc::conversion_killed);
    CHECK(Files{dir, tone + "1"}.convert(watched.launcher).duration_s == doctest::Approx(1));
}

TEST_CASE("a helper that is killed is replaced, and its children die with it") {
    const TempDir dir;
    Files files{dir, tone + "600"};
    Watched watched;
    const auto helper = watched.helper();
    REQUIRE(helper);
    CHECK(errc_when_killed(watched, files, [=] { return helper; }) == Errc::conversion_killed);
    CHECK(Files{dir, tone + "1"}.convert(watched.launcher).duration_s == doctest::Approx(1));
    CHECK(watched.helper() != helper);
}

TEST_CASE("a conversion that takes too long is given up") {
    const TempDir dir;
    Files files{dir, tone + "7200:r=48000"};
    Launcher launcher{1s};
    CHECK_THROWS_WITH_AS(files.convert(launcher), doctest::Contains("longer than 1 s"), Error);
}

TEST_CASE("the time that a conversion may take grows with its source, up to half a day") {
    CHECK(time_for(0) == 5min);
    CHECK(time_for(10 << 20) == 5min + 2560s);
    CHECK(time_for(8ULL << 30) == 12h);
    CHECK(time_for(~0ULL) == 12h);
}

TEST_CASE("the helper's program is run by nobody else") {
    char program[] = "mp3convd";
    char command[] = "conversion-helper";
    char serve[] = "serve";
    char *as_helper[] = {program, command};
    char *as_daemon[] = {program, serve};
    CHECK(is_helper(2, as_helper));
    CHECK_FALSE(is_helper(2, as_daemon));
    CHECK_FALSE(is_helper(1, as_daemon));
}
