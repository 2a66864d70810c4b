#pragma once

#include <string>
#include <vector>

#include "daemon/storage/s3/client.hpp"

namespace mp3conv::storage::s3 {

/// An object on its way in: in one go where it is small, else in parts. One thread at a time.
class Multipart {
public:
    Multipart(Client &client, std::string key) : client_{client}, key_{std::move(key)} {}

    /// Goes on with an upload that was begun.
    Multipart(Client &client, std::string key, std::string id, std::vector<Part> parts);

    Multipart(const Multipart &) = delete;

    /// Begins the upload, where that was not done.
    void begin();

    /// Sends the next part.
    void add(FileRange bytes);

    /// Sends what is left, which may be nothing. The object is there, durably, when this returns.
    void finish(FileRange rest);

    /// Lets go of what was sent, if it was not finished. What fails is logged, and for the sweep.
    void abandon() noexcept;

    const std::string &id() const noexcept { return id_; } ///< empty until it is begun
    const std::vector<Part> &parts() const noexcept { return parts_; }
    int next_number() const noexcept { return static_cast<int>(parts_.size()) + 1; }
    uint64_t size() const noexcept { return size_; } ///< of the parts

private:
    Client &client_;
    std::string key_;
    std::string id_;
    std::vector<Part> parts_;
    uint64_t size_ = 0;
};

/// Stores a local file as an object.
void put_file(Client &client, const std::string &key, int fd);

/// Up to here an object is sent in one go; longer ones in parts of that size.
constexpr uint64_t whole_bytes = 64ULL << 20;

} // namespace mp3conv::storage::s3
