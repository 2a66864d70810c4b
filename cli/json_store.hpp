#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>

namespace mp3conv::cli {

/// A small JSON object in a file, 0600, that several mp3conv may read and change at a time.
class JsonStore {
public:
    explicit JsonStore(std::filesystem::path file) : file_{std::move(file)} {}

    /// @return the object; an empty one where there is no file. @throws Error{local_file}.
    nlohmann::json read() const;

    /// Reads, changes and writes it while no other mp3conv does. @throws Error{local_file}.
    void change(const std::function<void(nlohmann::json &)> &edit) const;

private:
    std::filesystem::path file_;
};

} // namespace mp3conv::cli
