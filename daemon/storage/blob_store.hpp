#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/byte_range.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"

namespace mp3conv::storage {

/// Takes bytes in their order. @return whether it wants more.
using Sink = std::function<bool(std::string_view bytes)>;

/// A local file of a blob's length, for who reads here and there. One thread at a time.
class LocalCopy {
public:
    virtual ~LocalCopy() = default;

    /// Readable and seekable; zeros where bytes are that were not fetched.
    virtual int fd() const noexcept = 0;

    /// @return whether all bytes are there from the beginning.
    virtual bool is_whole() const noexcept = 0;

    /// The bytes of those ranges, which lie within the file, are there when this returns.
    /// @param meanwhile is called while they arrive; what it throws gets out.
    virtual void fetch(const std::vector<ByteRange> &ranges,
                       const std::function<void()> &meanwhile) = 0;
};

/// Bytes that were committed. One thread at a time. All throw as BlobStore's do.
class Blob {
public:
    virtual ~Blob() = default;

    virtual uint64_t size() const noexcept = 0;

    /// Hands `count` bytes from `first` on to `sink`, some 100 KiB at a time.
    /// @return false where the sink did not want them all.
    /// @throws Error{internal} where they are not there.
    virtual bool read(uint64_t first, uint64_t count, const Sink &sink) = 0;

    /// @return them as a local file; it outlives the blob.
    virtual std::unique_ptr<LocalCopy> local_copy() = 0;
};

/// @return 64 lower-case hex digits.
std::string sha256_of(Blob &blob);

/// @return a local copy in which all bytes are there.
std::unique_ptr<LocalCopy> whole_copy(Blob &blob);

/// Bytes on their way in. One thread at a time. All throw as BlobStore's do.
class Draft {
public:
    virtual ~Draft() = default;

    virtual void write(std::string_view bytes) = 0;

    /// The bytes are durable under their name when this returns.
    virtual void commit() = 0;
};

/// How far a draft that stays is. Its owner keeps that, durably, and says it to go on.
struct Progress {
    uint64_t size = 0;      ///< bytes that are durable
    std::string bookmark{}; ///< where the storage has them, in its own words; empty at the begin

    bool operator==(const Progress &) const = default;
};

/// Keeps a bookmark in the place of the one before it, durably; the size stays as it is.
/// @throws where that is not the last that was kept: somebody else has gone on with the draft.
using KeepBookmark = std::function<void(const std::string &bookmark)>;

/// A draft that stays.
class LastingDraft : public Draft {
public:
    /// What was written is durable when this returns.
    /// @return the bookmark that belongs to the size which the draft has now.
    virtual std::string sync() = 0;
};

/// A local file on its way in, for who cannot write from front to back.
class FileDraft {
public:
    virtual ~FileDraft() = default;

    /// Readable, writable, seekable.
    virtual int fd() const noexcept = 0;

    /// As Draft::commit.
    virtual void commit() = 0;
};

/// How a blob is to be shown to who comes by a link.
struct Link {
    std::string name;
    std::string type;        ///< for Content-Type
    std::string disposition; ///< for Content-Disposition
    std::chrono::seconds time;
};

/// Named bytes that never change. Any thread may call. All throw Error{storage_full}, and
/// Error{busy} where the storage fails otherwise.
class BlobStore {
public:
    virtual ~BlobStore() = default;

    /// @param name [a-z0-9.]+, of our own making.
    /// @return a draft that deletes itself where it is never committed.
    virtual std::unique_ptr<Draft> begin(const std::string &name) = 0;
    virtual std::unique_ptr<FileDraft> begin_file(const std::string &name) = 0;

    /// Begins a draft that stays, also over a restart, or goes on with it. There need not be a blob
    /// of that name until its commit, which may be repeated. Where several processes share the
    /// storage they may write to it at the same time: what one of them wrote is there for who
    /// says its bookmark.
    /// @param from what was kept last; bytes behind it are dropped.
    /// @param keep is called by `write` and `sync` before bytes are stored where they could get
    ///        into the way of another's.
    virtual std::unique_ptr<LastingDraft> resume(const std::string &name, const Progress &from,
                                                 KeepBookmark keep) = 0;

    /// @return whether `resume` would find those bytes. Changes nothing.
    virtual bool can_resume(const std::string &name, const Progress &from) = 0;

    /// @return nullptr when there is no such blob.
    virtual std::unique_ptr<Blob> open(const std::string &name) = 0;

    /// @return a URL by which anyone can read that blob for that time, past us; empty where the
    ///         storage gives none. The blob need not be there.
    virtual std::string link(const Link &) { return {}; }

    /// Blob or draft that stays; absent is fine. What cannot be removed now is logged, and left to
    /// who looks for old blobs.
    virtual void remove(const std::string &name) = 0;

    /// As `remove`, for a blob: need not look for what else there could be of that name.
    virtual void remove_committed(const std::string &name) { remove(name); }

    /// Calls `see` with each blob, and each draft that stays, to which nobody has written for
    /// `age`. Removes other drafts of that age, or shows them too.
    virtual void each_older_than(std::chrono::seconds age,
                                 const std::function<void(const std::string &name)> &see) = 0;

    /// @return bytes that can still be written; nullopt where there is no limit.
    virtual std::optional<uint64_t> free_bytes() = 0;

    /// Stores the bytes of another blob under that name, durably.
    /// @param may_share whether they never change, so that both names may mean the same bytes.
    virtual void adopt(const std::string &name, Blob &blob, bool may_share) = 0;

    /// Removes the drafts that do not stay, where the storage belongs to one process. Only for that
    /// one, before anybody begins a draft: they are from a process that died.
    virtual void remove_drafts() = 0;
};

/// @return what `resume` throws where bytes are gone that were durable.
Error bytes_missing();

} // namespace mp3conv::storage
