#include <nlohmann/json.hpp>
#include <optional>

#include "common/error.hpp"
#include "daemon/api/handlers.hpp"

namespace mp3conv::api {
namespace {

using namespace std::chrono_literals;

// Proxies take a line that is silent for a minute for dead.
constexpr auto heartbeat = 15s;

/// Tells what becomes of a file, as server-sent events (HTML standard, 9.2).
class Follower {
public:
    Follower(Rooms &rooms, auth::Caller caller, std::string id) :
        rooms_{rooms},
        caller_{std::move(caller)},
        id_{std::move(id)} {}

    /// Waits for the next event, or until it is time for a sign of life, and sends it.
    /// @return false where there is nobody to send to.
    bool send_next(httplib::DataSink &sink) try {
        const auto file = wait_for_change();
        rooms_.auth.require_still_allowed(caller_);
        const std::string text = file ? event_of(*file) : ":\n\n";
        if (!sink.write(text.data(), text.size())) return false;
        if (rooms_.draining || (file && is_finished(file->state))) sink.done();
        return true;
    } catch (const std::exception &) {
        return false; // the file or its owner is gone; nothing may be thrown through the library
    }

private:
    /// @return the file once it is another than was told; nullopt when it is still the same.
    std::optional<FileObject> wait_for_change() {
        const auto end = std::chrono::steady_clock::now() + heartbeat;
        auto &changes = rooms_.changes.of(id_);
        while (true) {
            const auto seen = changes.count();
            auto file = rooms_.files.find(caller_.user, id_);
            if (!file) throw Error{Errc::not_found, "the file was removed"};
            if (nlohmann::json(file->object) != told_) return file->object;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            if (left <= 0ms || rooms_.draining) return std::nullopt;
            changes.wait(seen, std::min(left, look_every));
        }
    }

    std::string event_of(const FileObject &file) {
        const auto state = told_.find("state");
        const nlohmann::json json = file;
        const bool is_new = state == told_.end() || *state != json.at("state");
        told_ = json;
        return std::string{"event: "} + (is_new ? "state" : "progress") + "\ndata: " + json.dump() +
               "\n\n";
    }

    Rooms &rooms_;
    auth::Caller caller_;
    std::string id_;
    nlohmann::json told_ = nlohmann::json::object();
};

} // namespace

/// GET /v1/files/{id}/events: the file object as it is, and again whenever it changes, until the
/// file is finished.
void follow_file(Rooms &rooms, Call &call) {
    require_file(rooms, call);
    call.response.status = 200;
    call.response.set_header("X-Accel-Buffering", "no"); // nginx would hold events back
    call.response.set_chunked_content_provider(
        "text/event-stream",
        [follower = std::make_shared<Follower>(rooms, call.caller, call.id())](
            size_t, httplib::DataSink &sink) { return follower->send_next(sink); });
}

} // namespace mp3conv::api
