#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace mp3conv::test {

/// A folder that goes with its object.
class TempDir {
public:
    TempDir() {
        std::string name = std::filesystem::temp_directory_path() / "mp3conv-test.XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make " + name};
        path_ = name;
    }
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDir(const TempDir &) = delete;
    TempDir &operator=(const TempDir &) = delete;

    const std::filesystem::path &path() const noexcept { return path_; }

    /// @return the path of a file in the folder.
    std::string operator/(const std::string &name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

} // namespace mp3conv::test
