#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/fd.hpp"

namespace mp3conv::storage {

/// Bytes on their way in. One thread at a time. All throw as BlobStore's do.
class Draft {
public:
    virtual ~Draft() = default;

    virtual void write(std::string_view bytes) = 0;

    /// For whoever needs random access instead of `write`.
    virtual int fd() const noexcept = 0;

    /// What was written is durable when this returns, and there for `resume`.
    virtual void sync() = 0;

    /// The bytes are durable under their name when this returns.
    virtual void commit() = 0;
};

/// Named bytes that never change. Any thread may call. All throw Error{storage_full}, and
/// Error{busy} where the storage fails otherwise.
class BlobStore {
public:
    virtual ~BlobStore() = default;

    /// @param name [a-z0-9.]+, of our own making.
    /// @return a draft that deletes itself where it is never committed.
    virtual std::unique_ptr<Draft> begin(const std::string &name) = 0;

    /// Begins a draft that stays, also over a restart, or goes on with it. Until its commit the
    /// blob of that name is whatever was written.
    /// @param size of what is to be gone on from, from a `sync` before; bytes behind it are
    /// dropped.
    virtual std::unique_ptr<Draft> resume(const std::string &name, uint64_t size) = 0;

    /// @return a readable, seekable descriptor; an empty one when there is no such blob.
    virtual Fd open(const std::string &name) = 0;

    /// Absent is fine. What cannot be removed now is logged, and left to who looks for old blobs.
    virtual void remove(const std::string &name) = 0;

    /// Calls `see` with each blob that is older than `age`, and removes drafts that nobody has
    /// written to for as long.
    virtual void each_older_than(std::chrono::seconds age,
                                 const std::function<void(const std::string &name)> &see) = 0;

    /// @return bytes that can still be written.
    virtual uint64_t free_bytes() = 0;

    /// Stores the bytes of an open file under that name, durably.
    /// @param may_share whether they never change, so that both names may mean the same bytes.
    /// @throws Error{storage_full}.
    virtual void adopt(const std::string &name, int bytes, bool may_share) = 0;

    /// Removes the drafts that do not stay. Only for who owns the storage, before anybody begins
    /// one: they are from a process that died.
    virtual void remove_drafts() = 0;
};

} // namespace mp3conv::storage
