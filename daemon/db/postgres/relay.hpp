#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <stop_token>
#include <string>
#include <thread>

#include "common/fd.hpp"
#include "daemon/db/open.hpp"
#include "daemon/db/postgres/connection.hpp"

namespace mp3conv::db::postgres {

/// Carries bells between machines by LISTEN and NOTIFY, on a connection of its own. What rings many
/// times at once is carried once. A pooler that does not know LISTEN, and a server that is away,
/// cost the waking only; once it is there again all bells ring.
class Relay final : public Wire {
public:
    /// Begins at once; the server need not be there. Until it is destroyed nothing but the bells'
    /// own threads may ring them.
    Relay(std::string url, NamedBells bells);
    ~Relay() override;

private:
    struct Line {
        Line(std::string its_name, system::Bell &its_bell) :
            name{std::move(its_name)},
            bell{its_bell} {}

        std::string name;
        system::Bell &bell;
        std::atomic<bool> is_rung = false;
    };

    void run(const std::stop_token &stop);
    void serve(const std::stop_token &stop);
    void wait(Connection &connection) const;
    /// Passes on what has rung here.
    void tell(Connection &connection);
    /// Rings what has rung elsewhere.
    void hear(Connection &connection);
    void wake() const;

    const std::string url_;
    std::deque<Line> lines_; // whose places do not move
    Fd woken_;
    std::chrono::steady_clock::time_point next_turn_{};
    std::jthread thread_;
};

} // namespace mp3conv::db::postgres
