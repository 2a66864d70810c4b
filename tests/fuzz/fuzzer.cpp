// What libFuzzer calls, over and over, in a program with one target.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    mp3conv::fuzz::Target::all().front()->look_at({reinterpret_cast<const char *>(data), size});
    return 0;
}
