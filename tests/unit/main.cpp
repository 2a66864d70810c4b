#define DOCTEST_CONFIG_IMPLEMENT
#include <curl/curl.h>
#include <doctest/doctest.h>

#include "daemon/system/log.hpp"

int main(int argc, char **argv) {
    using namespace mp3conv::system;
    log::configure(log::Level::error, log::Format::text); // what fails says so itself
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return doctest::Context{argc, argv}.run();
}
