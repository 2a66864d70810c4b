#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mp3conv::convert {

/// Writes a file in few, large steps.
class Output {
public:
    explicit Output(int fd);

    /// @throws Error{storage_full}, {local_file}, as all here.
    void write(std::string_view bytes);
    /// Writes over bytes that were written before.
    void overwrite(uint64_t offset, std::string_view bytes);
    void flush();

    uint64_t size_bytes() const noexcept { return size_; }

private:
    void seek(uint64_t offset);

    int fd_;
    uint64_t size_ = 0;
    std::string buffer_;
};

} // namespace mp3conv::convert
