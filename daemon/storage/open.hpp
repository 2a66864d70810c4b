#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "daemon/storage/blob_store.hpp"

namespace mp3conv::storage {

/// @param url "file:" for the data folder itself, "file:PATH" for another.
/// @throws Error{usage} for a scheme that is none of ours; Error{local_file}.
std::unique_ptr<BlobStore> open_storage(const std::string &url,
                                        const std::filesystem::path &data_dir);

} // namespace mp3conv::storage
