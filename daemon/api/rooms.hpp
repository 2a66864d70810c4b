#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "daemon/auth/auth.hpp"
#include "daemon/queue/files.hpp"
#include "daemon/queue/job_queue.hpp"
#include "daemon/storage/blob_store.hpp"
#include "daemon/system/bell.hpp"

namespace mp3conv::api {

struct Limits {
    uint64_t max_upload_bytes;
    uint64_t quota_bytes;
};

/// What the handlers may ask.
struct Rooms {
    auth::Auth &auth;
    queue::JobQueue &jobs;
    queue::Files &files;
    storage::BlobStore &blobs;
    system::Bell &work;    ///< to be rung when a job was enqueued
    system::Bell &changes; ///< rings when a file has changed
    Limits limits;
    const std::atomic<bool> &draining; ///< no new work, and nobody waits
};

} // namespace mp3conv::api
