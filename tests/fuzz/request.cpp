// All that a client can send over its line, through the real server, with an account that has a
// file and an upload: JSON, forms, tus, paths, queries. The daemon never fails: each answer is one
// that a client understands, and says what to do where it is a refusal.

#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/api/server/http_server.hpp"
#include "daemon/api/service.hpp"
#include "daemon/db/open.hpp"
#include "daemon/storage/open.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/unit/support/fake_clock.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace std::chrono_literals;

namespace {

const std::string file_id = "f2345678901234567890abcd";
const std::string upload_id = "u2345678901234567890abcd";
constexpr std::string_view mp3_bytes = "not much of an MP3";

/// The service, but that a login costs half a second on purpose, and reads what a registration
/// reads; that nobody waits for a file that no worker makes; and that nothing is logged.
class Front final : public api::server::Application {
public:
    Front(api::Service &service, std::atomic<bool> &draining) :
        service_{service},
        draining_{draining} {}

    std::string origin(const std::string &) const override { return {}; }
    api::server::Pacing pacing(const api::server::Head &head) const override {
        return service_.pacing(head);
    }
    std::string client(const httplib::Request &request) const override {
        return service_.client(request);
    }
    void handle(api::server::Exchange &exchange) override {
        if (exchange.request.path == "/v1/login") return;
        draining_ = exchange.request.method == "GET";
        service_.handle(exchange);
    }
    void refuse(httplib::Response &response, const std::string &id, const Error &why) override {
        service_.refuse(response, id, why);
    }
    void dress(httplib::Response &response) const override { service_.dress(response); }
    void observe(const httplib::Request &, const httplib::Response &, Duration) override {}

private:
    api::Service &service_;
    std::atomic<bool> &draining_;
};

/// A daemon's rooms behind its server, without workers.
class House {
public:
    House() {
        webhooks_.stop(); // nothing is to leave this computer
        server_.listen_on(api::server::listen_at("unix:" + socket_));
        server_.start();
    }

    /// Makes an account and, where the request names them, a file and an upload that is at its
    /// third byte.
    /// @return a token.
    std::string furnish(std::string_view request) {
        user_ = database_->users().add("anna@example.org", "no hash of any password").value();
        const Time end = clock_.now() + 24h;
        database_->sessions().begin({"session", user_, end, {}, clock_.now()});
        if (request.find("$F") != std::string_view::npos) add_file();
        if (request.find("$U") != std::string_view::npos) add_upload();
        return tokens_.sign({user_, "session", clock_.now(), end});
    }

    /// @return all that the server says to that, until it hangs up.
    std::string converse(std::string_view text) {
        const Fd line{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_un server{};
        server.sun_family = AF_UNIX;
        socket_.copy(server.sun_path, sizeof server.sun_path - 1);
        fuzz::require(
            ::connect(line.get(), reinterpret_cast<const sockaddr *>(&server), sizeof server) == 0,
            "there is a line");
        // Of what it refuses the server need not read the end.
        ::send(line.get(), text.data(), text.size(), MSG_NOSIGNAL);
        ::shutdown(line.get(), SHUT_WR);
        std::string heard(64 << 10, '\0');
        heard.resize(read_up_to(line.get(), heard.data(), heard.size(), "the line"));
        return heard;
    }

    void clear() {
        database_->users().remove(user_);
        blobs_->each_older_than(-1h, [this](const std::string &blob) { blobs_->remove(blob); });
    }

private:
    void write_blob(const std::string &name, std::string_view bytes) {
        const auto draft = blobs_->begin(name);
        draft->write(bytes);
        draft->commit();
    }

    void add_file() {
        write_blob(file_id + ".mp3", mp3_bytes);
        queue::NewFile file{file_id, user_, "talk.mp4", {}, 4, "00", file_id + ".source", {}};
        database_->jobs().enqueue(file);
        const auto job = database_->jobs().reserve("worker", 1h);
        queue::Outcome outcome{};
        outcome.mp3 = Mp3{mp3_bytes.size(), 1, 128'000, "5ha256", {}};
        outcome.mp3_blob = file_id + ".mp3";
        database_->jobs().complete(*job, outcome);
    }

    void add_upload() {
        queue::Upload upload;
        upload.file = {upload_id, user_, "talk.mp4", {}, 0, {}, upload_id + ".source", {}};
        upload.length = 8;
        upload.expires_at = clock_.now() + 24h;
        database_->uploads().begin(upload);
        const auto draft = blobs_->resume(upload.file.source_blob, {}, [](const std::string &) {});
        draft->write("123");
        draft->sync();
        auto next = upload;
        next.offset = 3;
        database_->uploads().advance(upload, next);
    }

    test::TempDir folder_;
    std::string socket_ = folder_ / "socket";
    test::FakeClock clock_;
    std::unique_ptr<db::Database> database_{db::open_database("sqlite:", folder_.path(), clock_)};
    std::unique_ptr<storage::BlobStore> blobs_{storage::open_storage("file:", folder_.path())};
    auth::Tokens tokens_{{std::string(32, 's')}};
    auth::Auth auth_{
        database_->users(), database_->sessions(), database_->attempts(), tokens_, clock_, {}};
    auth::Registration registration_{database_->users(),
                                     database_->attempts(),
                                     database_->codes(),
                                     database_->invites(),
                                     clock_,
                                     {.admission = auth::Admission::closed}};
    auth::Passwords passwords_{database_->users(), database_->attempts(), database_->codes(),
                               clock_};
    system::Bell work_;
    system::Bells changes_;
    system::Bell notices_;
    std::atomic<bool> draining_ = false;
    std::vector<std::string> missing_layers_;
    api::Turns turns_;
    system::Tally<system::UserId> slow_requests_;
    std::vector<system::Network> no_proxies_;
    notify::HttpPoster poster_{{}};
    notify::Webhooks webhooks_{database_->webhooks(), poster_, clock_};
    api::Rooms rooms_{auth_,
                      registration_,
                      passwords_,
                      database_->jobs(),
                      database_->files(),
                      database_->uploads(),
                      *blobs_,
                      work_,
                      changes_,
                      notices_,
                      clock_,
                      turns_,
                      slow_requests_,
                      {1 << 20, {.bytes = 1 << 22}, std::chrono::hours{24}},
                      draining_,
                      missing_layers_,
                      database_->overview(),
                      no_proxies_,
                      [](system::UserId) {},
                      [] { return std::string{}; },
                      webhooks_};
    system::UserId user_{};
    api::Service service_{rooms_, {no_proxies_, false}};
    Front front_{service_, draining_};
    api::server::HttpServer server_{front_};
};

/// Puts the token in the place of "$T", the file's and the upload's ID in those of "$F" and "$U".
std::string filled_in(std::string text, const std::string &token) {
    const auto replace = [&](const char *mark, const std::string &by) {
        for (size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += by.size()) {
            text.replace(at, 2, by);
        }
    };
    replace("$T", token);
    replace("$F", file_id);
    replace("$U", upload_id);
    return text;
}

void look_at_problem(int status, std::string_view body) {
    const auto problem = nlohmann::json::parse(body, nullptr, false);
    fuzz::require(problem.is_object(), "a problem is told in JSON");
    fuzz::require(problem["status"] == status, "a problem tells its status");
    fuzz::require(!problem["detail"].get<std::string>().empty(), "a problem tells what to do");
}

/// Looks at the first answer; there may be more behind it.
void look_at_answer(std::string_view answer) {
    const size_t end = answer.find("\r\n\r\n");
    fuzz::require(answer.starts_with("HTTP/1.1 ") && end != std::string_view::npos,
                  "an answer has a head");
    const int status = std::atoi(std::string{answer.substr(9, 3)}.c_str());
    fuzz::require(status >= 100 && status < 500, "no request makes the server fail");
    std::string_view head = answer.substr(0, end + 2);
    size_t body_bytes = 0;
    bool is_problem = false;
    head.remove_prefix(head.find("\r\n") + 2);
    for (; !head.empty(); head.remove_prefix(head.find("\r\n") + 2)) {
        const std::string_view field = head.substr(0, head.find("\r\n"));
        fuzz::require(field.find(": ") != std::string_view::npos, "a field has a name");
        fuzz::require(field.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos,
                      "a field is a line");
        is_problem = is_problem || field == "Content-Type: application/problem+json";
        constexpr std::string_view length = "Content-Length: ";
        if (field.starts_with(length)) {
            body_bytes = parse_number(field.substr(length.size())).value();
        }
    }
    const std::string_view body = answer.substr(end + 4, body_bytes);
    const bool is_head = body.empty() || body.starts_with("HTTP/1.1 "); // the answer to a HEAD
    if (is_problem && !is_head) look_at_problem(status, body);
}

void look(std::string_view input) {
    static House house;
    const std::string token = house.furnish(input);
    const std::string heard = house.converse(filled_in(std::string{input}, token));
    house.clear();
    if (!heard.empty()) look_at_answer(heard);
}

const fuzz::Target target{"request", look};

} // namespace
