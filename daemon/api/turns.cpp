#include "daemon/api/turns.hpp"

#include <chrono>

#include "common/error.hpp"

namespace mp3conv::api {
namespace {

constexpr std::chrono::seconds patience{10};

} // namespace

Turns::Turn Turns::take(const std::string &id, std::function<void()> break_off) {
    std::unique_lock lock{mutex_};
    if (const auto holder = holders_.find(id); holder != holders_.end()) holder->second();
    if (!ended_.wait_for(lock, patience, [&] { return !holders_.contains(id); })) {
        throw Error{Errc::busy, "another request is at this upload; try again"};
    }
    holders_.emplace(id, std::move(break_off));
    return {*this, id};
}

void Turns::end(const std::string &id) {
    const std::lock_guard lock{mutex_};
    holders_.erase(id);
    ended_.notify_all();
}

} // namespace mp3conv::api
