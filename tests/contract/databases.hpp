#pragma once

#include <chrono>
#include <functional>

#include "daemon/db/open.hpp"
#include "tests/unit/support/fake_clock.hpp"

namespace mp3conv::test {

constexpr std::chrono::hours keep_mp3{24}; ///< what those databases are told

using DatabaseTest = std::function<void(db::Database &, FakeClock &)>;

/// Runs a test over an empty database of each engine there is.
void each_database(const DatabaseTest &test);

} // namespace mp3conv::test
