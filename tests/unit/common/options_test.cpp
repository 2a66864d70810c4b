#include "common/options.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "common/error.hpp"

using namespace mp3conv;

TEST_CASE("options come back from JSON as they went, tags that look like numbers too") {
    Options options;
    for (const auto &[name, value] : std::vector<std::pair<const char *, const char *>>{
             {"abr", "160k"},
             {"mono", "true"},
             {"start", "83.5"},
             {"normalize", "-16.5"},
             {"tags", "drop"},
             {"cover", "keep"},
             {"chapters", "drop"},
             {"tag.title", "true"},
             {"tag.track", "007"},
             {"tag.date", "1e5"},
             {"tag.comment", ""},
         }) {
        set_option(options, name, value);
    }
    const nlohmann::json json = options;
    CHECK(json.at("normalize") == -16.5);
    CHECK(json.at("tag.track") == "007");
    CHECK_FALSE(json.contains("cover"));
    CHECK(json.get<Options>() == options);
    CHECK(nlohmann::json::parse(json.dump()).get<Options>() == options);
}

TEST_CASE("a loudness that is none, and a tag that MP3s do not have, are refused by name") {
    Options options;
    for (const char *value : {"", "16", "-71", "-4", "-16 LUFS", "-inf", "-nan", "- 16", "loud"}) {
        CAPTURE(value);
        CHECK_THROWS_WITH_AS(set_option(options, "normalize", value),
                             doctest::Contains("normalize"), Error);
    }
    CHECK_THROWS_WITH_AS(set_option(options, "tag.colour", "red"), doctest::Contains("tag.colour"),
                         Error);
    CHECK_THROWS_WITH_AS(set_option(options, "tag.title", "\xff"), doctest::Contains("UTF-8"),
                         Error);
    CHECK_THROWS_AS(set_option(options, "tag.title", std::string(1001, 'x')), Error);
    CHECK(options == Options{});
}
