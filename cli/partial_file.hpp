#pragma once

#include <filesystem>
#include <string_view>

#include "common/fd.hpp"

namespace mp3conv::cli {

/// A file on its way to its place, which it takes whole or not at all. Until then it is
/// `.NAME.part` beside it, where a later run finds what one that was killed had written.
class PartialFile {
public:
    /// Goes on with a part that is there, unless another process does.
    /// @throws Error{local_file}, as all here; Error{storage_full} where the disk is.
    explicit PartialFile(const std::filesystem::path &target);
    /// Removes the part, unless it was kept or committed.
    ~PartialFile();
    PartialFile(PartialFile &&) noexcept = default;
    PartialFile &operator=(PartialFile &&) = delete;

    /// For whoever reads what is there already.
    int fd() const noexcept { return fd_.get(); }

    /// Appends.
    void write(std::string_view bytes);

    /// Drops what is there.
    void start_over();

    /// The part stays for a later run.
    void keep() noexcept { part_.clear(); }

    /// Bytes and name are on the disk when this returns.
    void commit();

private:
    std::filesystem::path target_;
    std::filesystem::path part_; ///< empty once it is not to be removed
    Fd fd_;
};

} // namespace mp3conv::cli
