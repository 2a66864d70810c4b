#include "daemon/metrics_page.hpp"

#include "daemon/system/counts.hpp"

namespace mp3conv {
namespace {

using system::metrics::Page;

void write_backlog(Page &page, const queue::Backlog &backlog) {
    page.begin("mp3convd_jobs", "gauge", "Conversions that have not ended, by state.");
    page.sample("mp3convd_jobs", {{"state", "uploading"}}, static_cast<double>(backlog.uploading));
    page.sample("mp3convd_jobs", {{"state", "queued"}}, static_cast<double>(backlog.queued));
    page.sample("mp3convd_jobs", {{"state", "converting"}},
                static_cast<double>(backlog.converting));
    page.gauge("mp3convd_queue_oldest_wait_seconds",
               "How long the queued job waits that could be taken longest.",
               static_cast<double>(backlog.oldest_wait.count()));
    page.gauge("mp3convd_queue_paused", "Whether an administrator keeps jobs back.",
               backlog.is_paused ? 1 : 0);
}

void write_outbox(Page &page, const notify::OutboxSize &outbox) {
    page.begin("mp3convd_outbox_notices", "gauge",
               "Letters and the like that were not sent, by state.");
    page.sample("mp3convd_outbox_notices", {{"state", "waiting"}},
                static_cast<double>(outbox.waiting));
    page.sample("mp3convd_outbox_notices", {{"state", "given_up"}},
                static_cast<double>(outbox.given_up));
}

} // namespace

std::string metrics_page(db::Database &rows, storage::BlobStore &blobs, int requests) {
    Page page;
    page.begin("mp3convd_build_info", "gauge", "1, with the version of this daemon.");
    page.sample("mp3convd_build_info", {{"version", MP3CONV_VERSION}}, 1);
    write_backlog(page, rows.overview().backlog());
    write_outbox(page, rows.outbox().size());
    if (const auto free = blobs.free_bytes()) {
        page.gauge("mp3convd_storage_free_bytes", "Bytes that can still be written to the storage.",
                   static_cast<double>(*free));
    }
    page.gauge("mp3convd_http_requests_running", "Requests that are being answered.", requests);
    system::counts().write(page);
    return page.text();
}

} // namespace mp3conv
