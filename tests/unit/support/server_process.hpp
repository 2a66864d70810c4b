#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/fd.hpp"
#include "tests/unit/support/temp_dir.hpp"

namespace mp3conv::test {

/// A server of tests/support for as long as the object lives: a script that is given a folder,
/// prints a line once it listens, and ends when its standard input does.
class ServerProcess {
public:
    explicit ServerProcess(const std::string &script, std::vector<std::string> options = {}) {
        auto [child_in, in] = pipe();
        auto [out, child_out] = pipe();
        in_ = std::move(in);
        out_ = std::move(out);
        options.insert(options.begin(),
                       {"/usr/bin/python3", MP3CONV_SOURCE "/tests/support/" + script,
                        folder_.path().string()});
        std::vector<char *> argv;
        for (auto &option : options) argv.push_back(option.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, child_in.get(), 0);
        posix_spawn_file_actions_adddup2(&files, child_out.get(), 1);
        const int error = ::posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        if (error != 0) throw std::runtime_error{"cannot start " + script};
        child_out = Fd{};
        greeting_ = next_line();
        if (greeting_.empty()) throw std::runtime_error{script + " did not start"};
    }

    ~ServerProcess() {
        in_ = Fd{}; // which ends it
        ::waitpid(pid_, nullptr, 0);
    }

    ServerProcess(const ServerProcess &) = delete;

    /// @return its first line.
    const std::string &greeting() const { return greeting_; }

    std::string folder() const { return folder_.path(); }

    /// Waits until it has answered the line with one.
    void tell(const std::string &line) {
        write_all(in_.get(), line + '\n', "a server");
        next_line();
    }

private:
    static std::pair<Fd, Fd> pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
        return {Fd{ends[0]}, Fd{ends[1]}};
    }

    std::string next_line() {
        std::string line;
        for (char c = 0; ::read(out_.get(), &c, 1) == 1 && c != '\n';) line += c;
        return line;
    }

    TempDir folder_;
    Fd in_;
    Fd out_;
    pid_t pid_ = 0;
    std::string greeting_;
};

} // namespace mp3conv::test
