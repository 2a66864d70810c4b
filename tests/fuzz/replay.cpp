// What the fuzzers begin with, and what they have found, in the unit tests.

#include <doctest/doctest.h>
#include <filesystem>
#include <set>
#include <string>

#include "common/fd.hpp"
#include "tests/fuzz/target.hpp"

using namespace mp3conv;
namespace fs = std::filesystem;

namespace {

const fs::path corpus{MP3CONV_SOURCE "/tests/fuzz/corpus"};

void replay(const fuzz::Target &target, const fs::path &file) {
    CAPTURE(file.string());
    CHECK_NOTHROW(target.look_at(read_small_file(file)));
}

} // namespace

TEST_CASE("no promise is broken by what a fuzzer ever found") {
    std::set<std::string_view> names;
    for (const auto *target : fuzz::Target::all()) {
        CAPTURE(target->name());
        names.insert(target->name());
        const fs::directory_iterator files{corpus / target->name()};
        CHECK(files != fs::directory_iterator{});
        for (const auto &file : files) replay(*target, file.path());
    }
    for (const auto &folder : fs::directory_iterator{corpus}) {
        CAPTURE(folder.path().string());
        CHECK(names.contains(folder.path().filename().string()));
    }
}
