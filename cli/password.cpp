#include "cli/password.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/interrupt.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"

namespace mp3conv::cli {
namespace {

/// A terminal that does not show what is typed, for as long as the object lives.
class Silence {
public:
    explicit Silence(int terminal) : terminal_{terminal} {
        ::tcgetattr(terminal_, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        ::tcsetattr(terminal_, TCSAFLUSH, &silent);
    }
    ~Silence() { ::tcsetattr(terminal_, TCSAFLUSH, &before_); }
    Silence(const Silence &) = delete;

private:
    int terminal_;
    termios before_{};
};

std::string read_line(int fd) {
    std::string line;
    char c = 0;
    while (::read(fd, &c, 1) == 1 && c != '\n') line += c;
    check_interrupted();
    return line;
}

std::string read_from_file(const std::string &file) {
    if (file == "-") return read_line(STDIN_FILENO);
    const std::string text = read_small_file(file);
    return text.substr(0, text.find_first_of("\r\n"));
}

std::string ask(const Fd &terminal, const std::string &prompt) {
    write_all(terminal.get(), prompt + ": ", "the terminal");
    const Silence silence{terminal.get()};
    return read_line(terminal.get());
}

} // namespace

std::string read_password(const Globals &globals, const std::string &file, Asking asking,
                          const std::string &prompt) {
    if (!file.empty()) return read_from_file(file);
    const Fd terminal{globals.no_input ? -1 : ::open("/dev/tty", O_RDWR | O_CLOEXEC)};
    if (!terminal) {
        throw Error{Errc::usage, "nobody to ask for the password; use --password-file FILE"};
    }
    const std::string password = ask(terminal, prompt);
    if (asking == Asking::twice && ask(terminal, prompt + " again") != password) {
        throw Error{Errc::usage, "the two passwords differ; try again"};
    }
    return password;
}

std::string ask_on_terminal(const Globals &globals, const std::string &prompt) {
    if (globals.no_input || ::isatty(STDIN_FILENO) == 0) return {};
    write_all(STDERR_FILENO, prompt + ": ", "the terminal");
    return read_line(STDIN_FILENO);
}

} // namespace mp3conv::cli
