#pragma once

#include "daemon/storage/blob_store.hpp"

namespace mp3conv::storage {

/// An open file: it can be read also once its name is gone.
class LocalBlob final : public Blob {
public:
    explicit LocalBlob(Fd fd);

    uint64_t size() const noexcept override { return size_; }
    bool read(uint64_t first, uint64_t count, const Sink &sink) override;
    /// The same file, not a copy.
    std::unique_ptr<LocalCopy> local_copy() override;

private:
    Fd fd_;
    uint64_t size_;
};

} // namespace mp3conv::storage
