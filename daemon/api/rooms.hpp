#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/api/turns.hpp"
#include "daemon/auth/auth.hpp"
#include "daemon/auth/passwords.hpp"
#include "daemon/auth/registration.hpp"
#include "daemon/notify/webhooks.hpp"
#include "daemon/queue/files.hpp"
#include "daemon/queue/job_queue.hpp"
#include "daemon/queue/overview.hpp"
#include "daemon/queue/uploads.hpp"
#include "daemon/storage/blob_store.hpp"
#include "daemon/system/bells.hpp"
#include "daemon/system/clock.hpp"
#include "daemon/system/network.hpp"
#include "daemon/system/tally.hpp"

namespace mp3conv::api {

struct Limits {
    uint64_t max_upload_bytes;
    queue::Limits of_users; ///< who have none of their own
    std::chrono::seconds upload_expiry;
};

/// However it is woken, who waits for a file looks at its row that often: what another machine did
/// may not ring here.
constexpr std::chrono::milliseconds look_every{std::chrono::seconds{5}};

/// What the handlers may ask.
struct Rooms {
    auth::Auth &auth;
    auth::Registration &registration;
    auth::Passwords &passwords;
    queue::JobQueue &jobs;
    queue::Files &files;
    queue::Uploads &uploads;
    storage::BlobStore &blobs;
    system::Bell &work;     ///< to be rung when a job was enqueued
    system::Bells &changes; ///< that of a file rings when it has changed
    system::Bell &notices;  ///< to be rung when a letter was left
    const system::Clock &clock;
    Turns &turns; ///< of requests that write an upload
    system::Tally<system::UserId> &slow_requests;
    Limits limits;
    const std::atomic<bool> &draining;              ///< no new work, and nobody waits
    const std::vector<std::string> &missing_layers; ///< of the sandbox, on this system
    queue::Overview &overview;
    const std::vector<system::Network> &metrics_from;   ///< who may see the metrics
    std::function<void(system::UserId)> remove_account; ///< with all of its files
    std::function<std::string()> metrics;               ///< as Prometheus takes them
    notify::Webhooks &webhooks;
    bool redirects_downloads = false; ///< to the storage, where it has links
    bool serves_users = true;         ///< else it tells how it is, and no more
};

} // namespace mp3conv::api
