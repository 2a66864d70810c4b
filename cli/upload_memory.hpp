#pragma once

#include <optional>
#include <string>

#include "common/options.hpp"

namespace mp3conv::cli {

/// Remembers over runs which upload a local file is being sent as, in uploads.json of state_dir(),
/// so that the same command run again goes on where it was.
class UploadMemory {
public:
    /// @param path of the local file; its size and time of change are a part of what it is.
    UploadMemory(const std::string &server, const std::string &path, const Options &options);

    /// @return the file ID; absent where nothing was begun. @throws Error{local_file}, as all here.
    std::optional<std::string> find() const;
    void keep(const std::string &id) const;
    void forget() const;

private:
    std::string key_;
};

} // namespace mp3conv::cli
