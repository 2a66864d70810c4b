#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "common/error.hpp"

namespace mp3conv::storage {

/// @return what a user may know of the disk; `cause` is for the log.
Error disk_failure(bool is_full, const std::string &cause);

/// @throws Error{storage_full} or {busy}, by `errno`.
[[noreturn]] void fail(const char *what);

/// Does what names paths in its errors; those that get out name none.
template <typename Use>
decltype(auto) without_paths(Use &&use) {
    try {
        return std::forward<Use>(use)();
    } catch (const Error &e) {
        throw disk_failure(e.code() == Errc::storage_full, e.what());
    }
}

/// What was renamed, linked or made in the folder is durable when this returns.
void flush_folder(const std::filesystem::path &folder);

/// Makes the folder of a file, durably.
void make_folder_of(const std::filesystem::path &file);

} // namespace mp3conv::storage
