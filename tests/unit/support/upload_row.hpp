#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/error.hpp"
#include "daemon/storage/blob_store.hpp"

namespace mp3conv::test {

/// What the database keeps of an upload. Of those who go on from the same place one succeeds.
class UploadRow {
public:
    explicit UploadRow(std::string name) : blob{std::move(name)} {}

    void advance(storage::Progress &from, const storage::Progress &to) {
        if (from != progress) throw Error{Errc::offset_conflict, "somebody was faster"};
        progress = from = to;
    }

    const std::string blob;
    storage::Progress progress;
};

/// A request that goes on with an upload, from what its row says now.
class UploadWriter {
public:
    UploadWriter(UploadRow &row, storage::BlobStore &blobs) :
        row_{row},
        known_{row.progress},
        size_{known_.size},
        draft_{blobs.resume(row.blob, known_, [this](const std::string &bookmark) {
            row_.advance(known_, {known_.size, bookmark});
        })} {}

    void write(std::string_view bytes) {
        draft_->write(bytes);
        size_ += bytes.size();
    }

    /// As at the end of each piece.
    void keep() { row_.advance(known_, {size_, draft_->sync()}); }

    void append(std::string_view bytes) {
        write(bytes);
        keep();
    }

    void commit() { draft_->commit(); }

private:
    UploadRow &row_;
    storage::Progress known_;
    uint64_t size_;
    std::unique_ptr<storage::LastingDraft> draft_;
};

} // namespace mp3conv::test
