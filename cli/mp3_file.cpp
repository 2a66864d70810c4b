#include "cli/mp3_file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <vector>

#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

namespace fs = std::filesystem;

/// A disk that is full here is a local matter, unlike one that is full on the server.
template <typename Act>
void on_disk(Act &&act) {
    try {
        act();
    } catch (const Error &e) {
        throw Error{Errc::local_file, e.what()};
    }
}

[[noreturn]] void refuse() {
    throw Error{Errc::checksum_mismatch, "what the server sent is not the MP3 that it promised; "
                                         "run it again"};
}

} // namespace

Mp3File::Mp3File(const std::string &path, const Mp3 &promised) : promised_{promised}, path_{path} {
    std::error_code error;
    const fs::path target = fs::weakly_canonical(path, error); // a link stays a link
    const auto kind = fs::status(path, error).type();
    if (path == "-") {
        path_ = "standard output";
        stream_ = Fd{::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)};
    } else if (kind == fs::file_type::directory) {
        throw Error{Errc::local_file, path + ": is a folder; use --output-dir"};
    } else if (kind == fs::file_type::not_found || kind == fs::file_type::regular) {
        file_.emplace(target);
        read_what_is_there();
    } else {
        stream_ = open_file(path, O_WRONLY);
    }
}

void Mp3File::read_what_is_there() {
    std::vector<char> buffer(256 << 10);
    while (const size_t got = read_up_to(file_->fd(), buffer.data(), buffer.size(), path_)) {
        hash_.update({buffer.data(), got});
        bytes_ += got;
    }
    is_begun_before_ = bytes_ > 0;
    if (bytes_ > promised_.bytes) start_over();
}

void Mp3File::start_over() {
    file_->start_over();
    hash_ = Sha256{};
    bytes_ = 0;
    is_begun_before_ = false;
}

void Mp3File::write(std::string_view bytes) {
    bytes_ += bytes.size();
    if (bytes_ > promised_.bytes) refuse();
    hash_.update(bytes);
    on_disk([&] { file_ ? file_->write(bytes) : write_all(stream_.get(), bytes, path_); });
}

void Mp3File::keep() noexcept {
    if (file_) file_->keep();
}

bool Mp3File::commit() {
    const bool is_as_promised = bytes_ == promised_.bytes && hash_.finish() == promised_.sha256;
    if (!is_as_promised && !is_begun_before_) refuse();
    if (!is_as_promised) start_over();
    if (is_as_promised && file_) on_disk([&] { file_->commit(); });
    return is_as_promised;
}

} // namespace mp3conv::cli
