#include "cli/backoff.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_rest = 500ms;
constexpr std::chrono::milliseconds longest_rest = 30s;
constexpr std::chrono::milliseconds longest_asked = 15min; // as long as an mp3convd asks for

std::chrono::milliseconds jittered(std::chrono::milliseconds rest) {
    thread_local std::mt19937 random{std::random_device{}()};
    return std::chrono::milliseconds{
        std::uniform_int_distribution{rest.count() / 2, rest.count() * 3 / 2}(random)};
}

} // namespace

bool may_pass(Errc code) {
    constexpr std::array codes{Errc::unreachable,     Errc::busy,
                               Errc::rate_limited,    Errc::upload_incomplete,
                               Errc::offset_conflict, Errc::too_many_active};
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

void Backoff::rest_after(const Error &error, std::chrono::seconds asked) {
    if (!may_pass(error.code()) || tries_ >= globals_.retries) throw error;
    const auto grown = std::min(longest_rest, first_rest * (1 << std::min(tries_, 10)));
    const auto time =
        asked > 0s ? std::min<std::chrono::milliseconds>(asked, longest_asked) : jittered(grown);
    if (error.code() != Errc::too_many_active) ++tries_; // which passes by itself, in its time
    note(globals_, std::string{error.what()} + "; trying again");
    rest(deadline_.left(time));
    if (deadline_.is_over()) throw Error{Errc::timeout, "--timeout ran out; run it again"};
}

} // namespace mp3conv::cli
