#pragma once

#include <vector>

#include "cli/session.hpp"
#include "cli/wait.hpp"
#include "common/file_object.hpp"

namespace mp3conv::cli {

/// Shows files until all of them are finished: on a terminal as a table that is redrawn in place,
/// elsewhere, and with --json, once as they are and then each as often as its state changes.
/// @throws Error{timeout} and what the client throws.
void watch(Session &session, std::vector<FileObject> files, const Deadline &deadline);

} // namespace mp3conv::cli
