#include "daemon/system/metrics.hpp"

#include <doctest/doctest.h>
#include <thread>
#include <vector>

using namespace mp3conv::system::metrics;
using namespace std::chrono_literals;

namespace {

template <typename Work>
void in_threads(Work work) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&work, i] {
            for (int round = 0; round < 10'000; ++round) work(i, round);
        });
    }
}

template <typename Kind>
std::string page_of(Family<Kind> &family) {
    Page page;
    family.write(page);
    return page.text();
}

} // namespace

TEST_CASE("what many threads count at once is counted, each label for itself") {
    Family<Counter> family{"fish_total", "Fish.", {"kind"}};
    in_threads([&](int thread, int) { family.of({thread % 2 == 0 ? "cod" : "eel"}).add(); });
    CHECK(page_of(family) == "# HELP fish_total Fish.\n"
                             "# TYPE fish_total counter\n"
                             "fish_total{kind=\"cod\"} 40000\n"
                             "fish_total{kind=\"eel\"} 40000\n");
}

TEST_CASE("a histogram says how many took at most so long, and is right after many threads") {
    Family<Histogram> family{"nap_seconds", "Naps."};
    in_threads([&](int, int round) { family.only().observe(round % 2 == 0 ? 1s : 3600s); });
    const std::string page = page_of(family);
    CHECK(page.find("nap_seconds_bucket{le=\"0.5\"} 0\n") != std::string::npos);
    CHECK(page.find("nap_seconds_bucket{le=\"1\"} 40000\n") != std::string::npos);
    CHECK(page.find("nap_seconds_bucket{le=\"1800\"} 40000\n") != std::string::npos);
    CHECK(page.find("nap_seconds_bucket{le=\"+Inf\"} 80000\n") != std::string::npos);
    CHECK(page.find("nap_seconds_sum 144040000\n") != std::string::npos);
    CHECK(page.find("nap_seconds_count 80000\n") != std::string::npos);
}

TEST_CASE("what is there at present is back to nothing when all have left") {
    Family<Gauge> family{"guests", "Guests."};
    in_threads([&](int, int) { const Presence guest{family.only()}; });
    CHECK(page_of(family).ends_with("\nguests 0\n"));
}

TEST_CASE("a label's quotes, backslashes and line ends are written so that they are read again") {
    Page page;
    page.sample("x", {{"of", "a\"b\\c\nd"}}, 0.5);
    CHECK(page.text() == "x{of=\"a\\\"b\\\\c\\nd\"} 0.5\n");
}
