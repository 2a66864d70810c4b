#include "cli/mp3_file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

namespace fs = std::filesystem;

mode_t mode_of_new_files() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

/// A disk that is full here is a local matter, unlike one that is full on the server.
template <typename Act>
void on_disk(Act &&act) {
    try {
        act();
    } catch (const Error &e) {
        throw Error{Errc::local_file, e.what()};
    }
}

} // namespace

Mp3File::Mp3File(const std::string &path) : path_{path} {
    std::error_code error;
    const fs::path target = fs::weakly_canonical(path, error); // a link stays a link
    const auto kind = fs::status(path, error).type();
    if (path == "-") {
        path_ = "standard output";
        stream_ = Fd{::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)};
    } else if (kind == fs::file_type::directory) {
        throw Error{Errc::local_file, path + ": is a folder; use --output-dir"};
    } else if (kind == fs::file_type::not_found || kind == fs::file_type::regular) {
        file_.emplace(target, mode_of_new_files());
    } else {
        stream_ = open_file(path, O_WRONLY);
    }
}

void Mp3File::write(std::string_view bytes) {
    hash_.update(bytes);
    on_disk([&] { file_ ? file_->write(bytes) : write_all(stream_.get(), bytes, path_); });
}

void Mp3File::commit(const std::string &sha256) {
    if (hash_.finish() != sha256) {
        throw Error{Errc::unreachable, "what the server sent is not the MP3 that it promised; "
                                       "run it again"};
    }
    if (file_) on_disk([&] { file_->commit(); });
}

} // namespace mp3conv::cli
