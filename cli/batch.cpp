#include "cli/batch.hpp"

#include <algorithm>
#include <array>

#include "cli/output.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

bool concerns_all(Errc code) {
    constexpr std::array codes{Errc::not_logged_in, Errc::account_disabled, Errc::unreachable,
                               Errc::busy,          Errc::rate_limited,     Errc::timeout,
                               Errc::interrupted,   Errc::terminated};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

} // namespace

bool Batch::attempt(const std::string &input, const std::function<void()> &act) try {
    act();
    board_.count(true);
    return true;
} catch (const Error &e) {
    if (concerns_all(e.code())) throw;
    board_.count(false);
    print_error(globals_.json, e, input);
    exit_status_ = traits(inputs_ == 1 ? e.code() : Errc::some_failed).exit_code;
    return false;
}

} // namespace mp3conv::cli
