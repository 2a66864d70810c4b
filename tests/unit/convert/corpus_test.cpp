#include <doctest/doctest.h>
#include <filesystem>

#include "tests/unit/convert/mp3.hpp"

using namespace mp3conv::test;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

TEST_CASE("nothing in the fuzzer's corpus upsets the frame parser") {
    const std::filesystem::path corpus = MP3CONV_SOURCE "/tests/fuzz/corpus/frame_parser";
    int files = 0;
    for (const auto &entry : std::filesystem::directory_iterator{corpus}) {
        const std::string bytes = bytes_of(entry.path());
        CHECK(LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(bytes.data()),
                                     bytes.size()) == 0);
        ++files;
    }
    CHECK(files >= 10);
}
