// All that a server can say to the client, over a real line: every answer becomes what it is, or an
// Error; no file gets the name of an MP3 that is not the one that was promised; and nothing that is
// shown moves the cursor.

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <thread>

#include "cli/board.hpp"
#include "cli/destination.hpp"
#include "cli/output.hpp"
#include "cli/transfer.hpp"
#include "cli/wait.hpp"
#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "common/text.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/unit/support/temp_dir.hpp"

using namespace mp3conv;
using namespace mp3conv::cli;

namespace {

const std::string file_id = "f2345678901234567890abcd";
const std::string mp3_bytes = "0123456789";
const std::string mp3_sha256 = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882";

/// Answers each request with the next of its answers, whatever it asks, and hangs up.
class Server {
public:
    explicit Server(std::vector<std::string_view> answers) : answers_{std::move(answers)} {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        auto *address = reinterpret_cast<sockaddr *>(&at);
        const bool listens = ::bind(listener_.get(), address, size) == 0 &&
                             ::listen(listener_.get(), 8) == 0 &&
                             ::getsockname(listener_.get(), address, &size) == 0;
        fuzz::require(listens, "there is a port");
        url_ = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port));
        thread_ = std::jthread{[this] { serve(); }};
    }
    ~Server() { ::shutdown(listener_.get(), SHUT_RDWR); }

    const std::string &url() const { return url_; }

private:
    void serve() {
        std::vector<Fd> lines; // closed when all is over: what is unread would reset them
        for (const auto answer : answers_) {
            Fd line{::accept(listener_.get(), nullptr, nullptr)};
            if (!line) return;
            hear_request(line.get());
            ::send(line.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
            ::shutdown(line.get(), SHUT_WR);
            lines.push_back(std::move(line));
        }
        while (const Fd line{::accept(listener_.get(), nullptr, nullptr)}) {
        }
    }

    static void hear_request(int line) {
        std::string heard;
        char buffer[4096];
        while (heard.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = ::recv(line, buffer, sizeof buffer, 0);
            if (got <= 0) return;
            heard.append(buffer, static_cast<size_t>(got));
        }
    }

    std::vector<std::string_view> answers_;
    Fd listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::string url_;
    std::jthread thread_;
};

void look_at(const FileObject &file) {
    fuzz::require(is_file_id(file.id), "a file has an ID");
    fuzz::require(file.state != State::done || file.mp3, "what is done has an MP3");
    const nlohmann::json object(file);
    fuzz::require(nlohmann::json(parse_file_object(object)) == object, "a file object comes over");
    for (const auto &line : table_of({file}, true)) {
        fuzz::require(printable(line) == line, "a name moves no cursor");
    }
    Destination destination;
    destination.folder = "/music";
    const std::filesystem::path target{destination.path_for(file.name)};
    fuzz::require(target.parent_path() == "/music" && target.lexically_normal() == target,
                  "a name leads to no other folder");
    if (file.state != State::done && is_finished(file.state)) {
        try {
            require_mp3(file);
            fuzz::require(false, "what has no MP3 says why");
        } catch (const Error &) {
        }
    }
}

FileObject promised_file() {
    FileObject file;
    file.id = file_id;
    file.name = "talk.mp4";
    file.state = State::done;
    file.mp3 = Mp3{mp3_bytes.size(), 1, 128'000, mp3_sha256, {}};
    return file;
}

void find(Session &session, std::string_view) {
    look_at(session.client.find(file_id));
}

void list(Session &session, std::string_view) {
    const auto files = session.client.list(State::done, 2000);
    std::for_each(files.begin(), files.end(), look_at);
    if (const auto same = session.client.find_same(mp3_sha256, {})) look_at(*same);
    session.client.complete_id("f234");
}

void log_in(Session &session, std::string_view) {
    const auto login = session.client.login("anna@example.org", "correct horse");
    session.client.account();
    session.client.create_token(login.token, std::nullopt);
    session.client.tokens();
}

void upload(Session &session, std::string_view) {
    const auto read = [rest = std::string_view{mp3_bytes}](char *buffer, size_t size) mutable {
        const size_t taken = std::min(size, rest.size());
        std::copy_n(rest.data(), taken, buffer);
        rest.remove_prefix(taken);
        return taken;
    };
    const Upload upload{"talk.mp4", {}, mp3_bytes.size(), read};
    const std::string id = session.client.begin_upload(upload);
    fuzz::require(is_file_id(id), "an upload has an ID");
    const auto offset = session.client.upload_offset(id);
    if (offset && *offset <= mp3_bytes.size()) session.client.append(id, *offset, upload);
    look_at(session.client.upload(upload));
}

/// @param before what an earlier run has left of the MP3, or of something else.
void download(Session &session, std::string_view before) {
    static const test::TempDir folder;
    const std::string target = folder / "talk.mp3";
    const std::string part = folder / ".talk.mp3.part";
    ::unlink(target.c_str());
    ::unlink(part.c_str());
    AtomicFile left{part, 0600};
    left.write(before);
    left.commit();
    Board board{session.globals};
    Progress progress{board, "talk.mp4"};
    bool is_fetched = false;
    try {
        fetch_mp3(session, promised_file(), target, progress);
        is_fetched = true;
    } catch (const Error &) {
        fuzz::require(!std::filesystem::exists(target), "a file appears whole or not at all");
    }
    if (is_fetched) fuzz::require(read_small_file(target) == mp3_bytes, "an MP3 is the right one");
}

/// A first line tells what is asked, and with what behind; "---" lines stand between the answers.
struct Case {
    std::string_view name;
    void (*ask)(Session &session, std::string_view argument);
};
constexpr std::array cases{Case{"find", find}, Case{"list", list}, Case{"login", log_in},
                           Case{"upload", upload}, Case{"download", download}};

std::vector<std::string_view> answers_in(std::string_view input) {
    constexpr std::string_view between = "\n---\n";
    std::vector<std::string_view> answers;
    while (!input.empty()) {
        const size_t end = std::min(input.find(between), input.size());
        answers.push_back(input.substr(0, end));
        input.remove_prefix(std::min(end + between.size(), input.size()));
    }
    return answers;
}

void converse(const Case &chosen, std::string_view argument, std::string_view input) {
    const Server server{answers_in(input)};
    Globals globals;
    globals.server = server.url();
    globals.quiet = true;
    globals.retries = 0;
    ::setenv("MP3CONV_TOKEN", "token", 1);
    Session session{globals};
    try {
        chosen.ask(session, argument);
    } catch (const Error &e) {
        const int status = traits(e.code()).exit_code;
        fuzz::require(status != 13 && status < 128, "a server's fault is not this computer's");
    }
    fuzz::require(session.http.retry_after() <= std::chrono::days{1}, "nobody waits for ever");
}

/// Without the line, which takes its time.
void read_file_object(std::string_view text) {
    const auto told = nlohmann::json::parse(text, nullptr, false);
    try {
        const auto file = parse_file_object(told);
        look_at(file);
        const nlohmann::json heard(file);
        fuzz::require(heard["source"]["bytes"] == told["source"]["bytes"],
                      "a size is what it says");
        for (const char *name : {"bytes", "duration_s", "bitrate_bps", "sha256"}) {
            fuzz::require(!file.mp3 || heard["mp3"][name] == told["mp3"][name],
                          "an MP3 is what is said of it");
        }
    } catch (const Error &) { // refused
    }
}

void look(std::string_view input) {
    if (input.starts_with('{')) return read_file_object(input);
    const std::string_view line = fuzz::take_line(input);
    const std::string_view name = line.substr(0, line.find(' '));
    const auto chosen = std::find_if(cases.begin(), cases.end(),
                                     [&](const Case &known) { return known.name == name; });
    if (chosen == cases.end()) return;
    converse(*chosen, line.substr(std::min(name.size() + 1, line.size())), input);
}

const fuzz::Target target{"client", look};

} // namespace
