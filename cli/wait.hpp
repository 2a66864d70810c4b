#pragma once

#include <string>

#include "cli/deadline.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "common/file_object.hpp"

namespace mp3conv::cli {

/// @return the file once it is finished, however it ended.
/// @throws Error{timeout} and what the client throws.
FileObject wait_until_finished(Session &session, const std::string &id, const Deadline &deadline,
                               Progress &progress);

/// @throws the Error that says why a finished file has no MP3.
void require_mp3(const FileObject &file);

} // namespace mp3conv::cli
