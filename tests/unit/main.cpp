#define DOCTEST_CONFIG_IMPLEMENT
#include <curl/curl.h>
#include <doctest/doctest.h>

#include "daemon/sandbox/helper.hpp"
#include "daemon/system/log.hpp"

int main(int argc, char **argv) {
    using namespace mp3conv;
    using namespace mp3conv::system;
    // What starts a helper runs its own program for it, which is this one here.
    if (sandbox::is_helper(argc, argv)) return sandbox::run_helper();
    log::configure(log::Level::error, log::Format::text); // what fails says so itself
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return doctest::Context{argc, argv}.run();
}
