#include "daemon/sweeper.hpp"

#include <utility>
#include <vector>

#include "common/error.hpp"
#include "daemon/auth/registration.hpp"
#include "daemon/system/bell.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;

constexpr int minutes_between_orphan_sweeps = 60;
// A failed or cancelled conversion can be retried for a day.
constexpr auto unconverted_source_age = 24h;
constexpr auto distrust = 1h; // of a clock that was turned
constexpr auto turned = 1min; // no clock is that much off that is only kept right

/// A blob's name starts with its file's ID.
std::string file_of(const std::string &blob) {
    return blob.substr(0, blob.find('.'));
}

} // namespace

std::vector<std::string> find_orphans(queue::Files &files, storage::BlobStore &blobs,
                                      std::chrono::seconds age) {
    constexpr size_t at_once = 1000;
    std::vector<std::string> orphans;
    std::vector<std::string> seen;
    const auto ask = [&] {
        for (auto &orphan : files.unnamed(seen)) orphans.push_back(std::move(orphan));
        seen.clear();
    };
    blobs.each_older_than(age, [&](const std::string &blob) {
        seen.push_back(blob);
        if (seen.size() == at_once) ask();
    });
    if (!seen.empty()) ask();
    return orphans;
}

Sweeper::Sweeper(Rooms rooms, Retention retention) :
    rooms_{rooms},
    retention_{retention},
    offset_{calendar_offset()} {}

void Sweeper::start() {
    thread_ = std::jthread{[this](const std::stop_token &stop) { run(stop); }};
}

std::chrono::milliseconds Sweeper::calendar_offset() const {
    return rooms_.clock.now().time_since_epoch() - rooms_.clock.uptime();
}

bool Sweeper::trusts_calendar() {
    const auto by = calendar_offset() - std::exchange(offset_, calendar_offset());
    if (std::chrono::abs(by) >= turned) {
        trusted_from_ = rooms_.clock.uptime() + distrust;
        log::warning(
            "the clock was turned; nothing expires for an hour",
            {{"by_s", std::to_string(std::chrono::floor<std::chrono::seconds>(by).count())}});
    }
    return rooms_.clock.uptime() >= trusted_from_;
}

void Sweeper::sweep_accounts() {
    if (!trusts_calendar()) return;
    rooms_.sessions.sweep();
    rooms_.attempts.sweep();
    rooms_.codes.sweep(rooms_.clock.now() - auth::Registration::unverified_lifetime);
}

size_t Sweeper::sweep_expired() {
    if (!trusts_calendar()) return 0;
    const Time now = rooms_.clock.now();
    auto blobs = rooms_.files.expire({.mp3 = now - retention_.mp3,
                                      .source = now - retention_.source,
                                      .unconverted_source = now - unconverted_source_age});
    const auto uploads = rooms_.uploads.expire();
    blobs.insert(blobs.end(), uploads.begin(), uploads.end());
    for (const auto &blob : blobs) {
        rooms_.blobs.remove(blob);
        log::info("expired", {{"file", file_of(blob)}, {"blob", blob}});
    }
    return blobs.size();
}

size_t Sweeper::sweep_history() {
    if (!trusts_calendar()) return 0;
    const Time before = rooms_.clock.now() - retention_.history;
    const size_t rows =
        rooms_.files.forget(before) + rooms_.outbox.forget(before) + rooms_.invites.forget(before);
    if (rows > 0) log::info("forgot what ended long ago", {{"rows", std::to_string(rows)}});
    return rows;
}

size_t Sweeper::sweep_orphans(std::chrono::seconds age) {
    if (!trusts_calendar()) return 0;
    const auto orphans = find_orphans(rooms_.files, rooms_.blobs, age);
    for (const auto &blob : orphans) {
        rooms_.blobs.remove(blob);
        log::info("removed an orphan", {{"file", file_of(blob)}, {"blob", blob}});
    }
    return orphans.size();
}

void Sweeper::run(const std::stop_token &stop) {
    system::Bell never;
    for (int minute = 0; !stop.stop_requested(); ++minute) {
        try {
            sweep_accounts();
            while (sweep_expired() + sweep_history() > 0 && !stop.stop_requested())
                std::this_thread::yield();
            if (minute % minutes_between_orphan_sweeps == 0) sweep_orphans();
        } catch (const std::exception &e) {
            log::error("cannot sweep", {{"cause", e.what()}});
        }
        never.wait(0, 1min, stop);
    }
}

} // namespace mp3conv
