#pragma once

#include <string>

#include "daemon/db/open.hpp"
#include "daemon/storage/blob_store.hpp"

namespace mp3conv {

/// @return what this process counts and what rows and disk say now, as Prometheus reads it. No
///         user's name, no file's ID. Any thread may call.
/// @param requests that are being answered.
/// @throws Error{busy} where the database cannot be had.
std::string metrics_page(db::Database &rows, storage::BlobStore &blobs, int requests);

} // namespace mp3conv
