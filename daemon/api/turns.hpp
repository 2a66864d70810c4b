#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace mp3conv::api {

/// Lets one request of this process at a time at an upload. A newer one ends the one before it: a
/// client comes back because its line is dead, which the server may notice much later. Of those of
/// other machines, the upload's row lets one go on. Any thread may call.
class Turns {
public:
    /// Lasts as long as the object.
    class Turn {
    public:
        Turn(Turns &turns, std::string id) : turns_{turns}, id_{std::move(id)} {}
        ~Turn() { turns_.end(id_); }
        Turn(const Turn &) = delete;

    private:
        Turns &turns_;
        std::string id_;
    };

    /// Asks whoever is at that upload to end, and waits until it has.
    /// @param break_off how to ask the new holder to end; called by another thread, at most until
    ///        the turn is over.
    /// @throws Error{busy} where that takes more than ten seconds.
    Turn take(const std::string &id, std::function<void()> break_off);

private:
    void end(const std::string &id);

    std::mutex mutex_;
    std::condition_variable ended_;
    std::map<std::string, std::function<void()>> holders_;
};

} // namespace mp3conv::api
