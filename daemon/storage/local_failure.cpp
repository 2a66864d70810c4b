#include "daemon/storage/local_failure.hpp"

#include <cerrno>
#include <system_error>

#include "common/atomic_file.hpp"
#include "common/fd.hpp"

namespace mp3conv::storage {

namespace fs = std::filesystem;

Error disk_failure(bool is_full, const std::string &cause) {
    if (is_full) {
        return {Errc::storage_full, "the server's disk is full; try again later", cause};
    }
    return {Errc::busy, "the server's storage failed; try again later", cause};
}

void fail(const char *what) {
    throw disk_failure(errno == ENOSPC || errno == EDQUOT, std::string{what} + ": " + errno_text());
}

void flush_folder(const fs::path &folder) {
    without_paths([&] { sync_directory(folder); });
}

void make_folder_of(const fs::path &file) {
    std::error_code error;
    const bool made = fs::create_directory(file.parent_path(), error);
    if (error) {
        throw disk_failure(error == std::errc::no_space_on_device,
                           "make a folder: " + error.message());
    }
    if (made) flush_folder(file.parent_path().parent_path());
}

} // namespace mp3conv::storage
