#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "common/fd.hpp"
#include "tests/unit/support/temp_dir.hpp"

namespace mp3conv::test {

/// tests/support/smtp_server.py for as long as the object lives.
class SmtpServer {
public:
    explicit SmtpServer(std::vector<std::string> options = {}) {
        auto [child_in, in] = pipe();
        auto [out, child_out] = pipe();
        in_ = std::move(in);
        out_ = std::move(out);
        options.insert(options.begin(), {"/usr/bin/python3", script, folder_.path().string()});
        std::vector<char *> argv;
        for (auto &option : options) argv.push_back(option.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, child_in.get(), 0);
        posix_spawn_file_actions_adddup2(&files, child_out.get(), 1);
        const int error = ::posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        if (error != 0) throw std::runtime_error{"cannot start the mail server"};
        child_out = Fd{};
        for (char c = 0; ::read(out_.get(), &c, 1) == 1 && c != '\n';) port_ += c;
        if (port_.empty()) throw std::runtime_error{"the mail server did not start"};
    }

    ~SmtpServer() {
        in_ = Fd{}; // which ends it
        ::waitpid(pid_, nullptr, 0);
    }

    SmtpServer(const SmtpServer &) = delete;

    std::string url(const std::string &scheme = "smtp") const {
        return scheme + "://127.0.0.1:" + port_;
    }

    std::string ca_file() const { return folder_ / "ca.pem"; }

    /// @return the letter that came as the `number`th; empty where there is none.
    std::string letter(int number = 1) const {
        const std::string path = folder_ / (std::to_string(number) + ".eml");
        return std::filesystem::exists(path) ? read_small_file(path) : "";
    }

private:
    static constexpr const char *script = MP3CONV_SOURCE "/tests/support/smtp_server.py";

    static std::pair<Fd, Fd> pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
        return {Fd{ends[0]}, Fd{ends[1]}};
    }

    TempDir folder_;
    Fd in_;
    Fd out_; // it prints a line for each letter
    pid_t pid_ = 0;
    std::string port_;
};

} // namespace mp3conv::test
