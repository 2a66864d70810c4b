#include "daemon/system/counts.hpp"

namespace mp3conv::system {

void Counts::write(metrics::Page &page) {
    conversions.write(page);
    audio_s.write(page);
    work_s.write(page);
    source_bytes.write(page);
    mp3_bytes.write(page);
    sandbox_kills.write(page);
    notices.write(page);
    requests.write(page);
    refused.write(page);
    received_bytes.write(page);
    sent_bytes.write(page);
    connections_waiting.write(page);
    uploads_receiving.write(page);
}

Counts &counts() {
    static Counts all;
    return all;
}

} // namespace mp3conv::system
