#pragma once

#include <optional>
#include <string>

#include "common/options.hpp"

namespace mp3conv::cli {

/// Remembers over runs which upload some bytes are being sent as, in uploads.json of state_dir(),
/// so that the same command run again goes on where it was.
class UploadMemory {
public:
    /// @param sha256 of the bytes.
    UploadMemory(const std::string &server, const std::string &sha256, const Options &options);

    /// @return the file ID; absent where nothing was begun. @throws Error{local_file}, as all here.
    std::optional<std::string> find() const;
    void keep(const std::string &id) const;

    /// Nothing is to go on with that file: it came to an end.
    static void forget(const std::string &id);

private:
    std::string key_;
};

} // namespace mp3conv::cli
