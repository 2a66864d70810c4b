#pragma once

#include <string>

#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "common/file_object.hpp"

namespace mp3conv::cli {

/// Sends a file, "-" for standard input; of a video its audio only, unless with `whole_file`. Goes
/// on where it was when the line breaks, the server restarts or an earlier run was killed; see
/// UploadMemory. What the server has converted from the same bytes with the same options already is
/// not sent again.
///
/// @return the file as the server knows it: queued, or what came of it since.
/// @throws Error.
FileObject send_file(Session &session, const std::string &path, const Options &options,
                     bool whole_file, Progress &progress);

/// Fetches the MP3 of a file that is done, and goes on where it was when the line breaks or an
/// earlier run was killed; see PartialFile.
/// @param path "-" for standard output. @throws Error.
void fetch_mp3(Session &session, const FileObject &file, const std::string &path,
               Progress &progress);

} // namespace mp3conv::cli
