#include "daemon/db/postgres/relay.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/system/log.hpp"

namespace mp3conv::db::postgres {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
namespace log = system::log;

constexpr auto gathering = 20ms; // between two turns of telling, however often the bells ring
constexpr auto pause = 2s;       // before the server is asked again

} // namespace

Relay::Relay(std::string url, NamedBells bells) :
    url_{std::move(url)},
    woken_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
    for (auto &[name, bell] : bells) {
        Line &line = lines_.emplace_back(name, bell);
        bell.carry_on([this, &line] {
            if (!line.is_rung.exchange(true)) wake();
        });
    }
    thread_ = std::jthread{[this](const std::stop_token &stop) { run(stop); }};
}

Relay::~Relay() {
    for (auto &line : lines_) line.bell.carry_on({});
}

void Relay::wake() const {
    ::eventfd_write(woken_.get(), 1);
}

void Relay::run(const std::stop_token &stop) {
    const std::stop_callback at_stop{stop, [this] { wake(); }};
    system::Bell never;
    for (bool is_told = false; !stop.stop_requested(); is_told = true) {
        try {
            serve(stop);
        } catch (const std::exception &e) {
            log::write(is_told ? log::Level::debug : log::Level::warning,
                       "cannot hear of other machines at once; what they do is seen later",
                       {{"cause", e.what()}});
        }
        never.wait(0, pause, stop);
    }
}

void Relay::serve(const std::stop_token &stop) {
    Connection connection{url_};
    connection.execute("LISTEN mp3conv");
    for (auto &line : lines_) line.bell.ring_here(); // for what was missed
    while (!stop.stop_requested()) {
        wait(connection);
        tell(connection);
        hear(connection);
    }
}

void Relay::wait(Connection &connection) const {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(next_turn_ - steady_clock::now());
    const bool is_gathering = left > 0ms;
    std::array<pollfd, 2> ready{pollfd{PQsocket(connection.get()), POLLIN, 0},
                                pollfd{woken_.get(), POLLIN, 0}};
    ::poll(ready.data(), is_gathering ? 1 : 2, is_gathering ? static_cast<int>(left.count()) : -1);
}

void Relay::tell(Connection &connection) {
    if (steady_clock::now() < next_turn_) return;
    eventfd_t wakes = 0;
    if (::eventfd_read(woken_.get(), &wakes) != 0) return; // it was the server
    auto names = nlohmann::json::array();
    for (auto &line : lines_) {
        if (line.is_rung.exchange(false)) names.push_back(line.name);
    }
    next_turn_ = steady_clock::now() + gathering;
    if (names.empty()) return;
    connection.execute(
        "SELECT pg_notify('mp3conv', name) FROM json_array_elements_text($1::json) AS name",
        names.dump());
}

void Relay::hear(Connection &connection) {
    for (const auto &heard : connection.take_notifications()) {
        if (heard.is_own) continue;
        for (auto &line : lines_) {
            if (line.name == heard.payload) line.bell.ring_here();
        }
    }
}

} // namespace mp3conv::db::postgres
