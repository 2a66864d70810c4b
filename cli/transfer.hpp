#pragma once

#include <string>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "common/file_object.hpp"

namespace mp3conv::cli {

/// Sends a file, "-" for standard input.
/// @return what the server has queued. @throws Error.
FileObject send_file(Session &session, const std::string &path, const Options &options,
                     Progress &progress);

/// Fetches the MP3 of a file that is done.
/// @param path "-" for standard output. @throws Error.
void fetch_mp3(Session &session, const FileObject &file, const std::string &path,
               Progress &progress);

} // namespace mp3conv::cli
