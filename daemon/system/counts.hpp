#pragma once

#include "daemon/system/metrics.hpp"

namespace mp3conv::system {

/// All that this process counts as it happens; see mp3convd(8).
struct Counts {
    template <typename Kind>
    using Family = metrics::Family<Kind>;
    using Counter = metrics::Counter;
    using Gauge = metrics::Gauge;

    Family<Counter> conversions{
        "mp3convd_conversions_total", "Attempts to convert, by how they ended.", {"outcome"}};
    Family<Counter> audio_s{"mp3convd_converted_audio_seconds_total",
                            "Playing time of the MP3s that were made."};
    Family<Counter> work_s{"mp3convd_conversion_seconds_total",
                           "Time that conversions took which made an MP3."};
    Family<Counter> source_bytes{"mp3convd_converted_source_bytes_total",
                                 "Bytes of the sources that became MP3s."};
    Family<Counter> mp3_bytes{"mp3convd_converted_mp3_bytes_total",
                              "Bytes of the MP3s that were made."};
    Family<Counter> sandbox_kills{"mp3convd_sandbox_kills_total",
                                  "Conversions whose process did not end by itself.",
                                  {"cause"}};
    Family<Counter> notices{"mp3convd_notices_total",
                            "Attempts to send a letter or the like, by channel and outcome.",
                            {"channel", "outcome"}};
    Family<metrics::Histogram> requests{"mp3convd_http_request_duration_seconds",
                                        "Time from a request to the end of its answer.",
                                        {"method", "route", "status"}};
    Family<Counter> refused{"mp3convd_http_requests_refused_total",
                            "Requests that were answered with an error, by its code.",
                            {"code"}};
    Family<Counter> received_bytes{"mp3convd_http_received_bytes_total",
                                   "Bytes that clients sent, within TLS where there is TLS."};
    Family<Counter> sent_bytes{"mp3convd_http_sent_bytes_total",
                               "Bytes that clients were sent, within TLS where there is TLS."};
    Family<Gauge> connections_waiting{
        "mp3convd_http_connections_waiting",
        "Connections between two requests, or in the middle of sending one."};
    Family<Gauge> uploads_receiving{"mp3convd_uploads_receiving",
                                    "Requests whose bytes of a source are coming in."};

    void write(metrics::Page &page);
};

/// Those of this process, as its log is one. Any thread may call.
Counts &counts();

} // namespace mp3conv::system
