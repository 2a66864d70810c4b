#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/preconditions.hpp"
#include "daemon/api/range.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::api {
namespace {

// The server looks after each whether it is to stop; a storage that is elsewhere is asked for each.
constexpr size_t chunk_bytes = 8 << 20;

constexpr const char *mp3_type = "audio/mpeg";
// Until a download begins. Whoever has the link can read the MP3 for as long.
constexpr std::chrono::minutes link_time{5};

/// @throws the Error that says why there is no MP3 to be had.
void require_done(const FileObject &file) {
    switch (file.state) {
    case State::done:
        return;
    case State::expired:
        throw Error{Errc::expired, "the MP3 has expired; upload the video again"};
    case State::failed:
        throw Error{Errc::conversion_failed, "the conversion failed: " + file.error->detail};
    case State::cancelled:
        throw Error{Errc::cancelled, "the conversion was cancelled; retry it or upload again"};
    case State::uploading:
    case State::queued:
    case State::converting:
        throw Error{Errc::not_ready, "the MP3 is not ready yet; ask again with ?wait=30"};
    }
}

/// RFC 6266: an ASCII name for everyone, the true one for whoever reads RFC 8187.
std::string content_disposition(const std::string &name) {
    std::string ascii;
    for (const char c : name) {
        const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '%';
        ascii += plain ? c : '_';
    }
    return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + url_encode(name);
}

/// If-Range asks for a part only of the very same bytes.
bool wants_range(const httplib::Request &request, const std::string &etag) {
    return request.has_header("Range") &&
           (!request.has_header("If-Range") || request.get_header_value("If-Range") == etag);
}

/// Decides between all of it (200), a part (206) and none (416).
ByteRange choose_part(Call &call, const std::string &etag, uint64_t size) {
    const std::string of_size = "/" + std::to_string(size);
    call.response.status = 200;
    if (!wants_range(call.request, etag)) return {0, size};
    call.response.set_header("Content-Range", "bytes *" + of_size); // a 416 says how much there is
    const auto part = parse_range(call.request.get_header_value("Range"), size);
    call.response.headers.erase("Content-Range");
    if (!part) return {0, size};
    const auto [first, count] = *part;
    call.response.status = 206;
    call.response.set_header("Content-Range", "bytes " + std::to_string(first) + "-" +
                                                  std::to_string(first + count - 1) + of_size);
    return *part;
}

/// @return false where the answer, whose head is out, cannot be ended as it says.
bool send_some(storage::Blob &blob, ByteRange range, httplib::DataSink &sink) try {
    return blob.read(range.first, range.count, [&sink](std::string_view bytes) {
        return sink.write(bytes.data(), bytes.size());
    });
} catch (const Error &e) {
    system::log::error("a download broke off", {{"cause", describe(e)}});
    return false;
}

void send(httplib::Response &response, std::shared_ptr<storage::Blob> blob, ByteRange range) {
    response.set_content_provider(
        range.count, mp3_type,
        [blob = std::move(blob), first = range.first](size_t offset, size_t left,
                                                      httplib::DataSink &sink) {
            return send_some(*blob, {first + offset, std::min(left, chunk_bytes)}, sink);
        });
}

/// A client that goes on where our own answer broke off asks by our entity tag, which the storage
/// does not know; the page's player may load from here alone.
bool must_stay(const httplib::Request &request, const std::string &etag) {
    return request.get_header_value("If-Range") == etag ||
           request.get_header_value("Sec-Fetch-Dest") == "audio";
}

/// Sends the client to the storage, where it may go there and there is a way.
/// @return whether it does.
bool redirect(Rooms &rooms, Call &call, const std::string &blob, const std::string &disposition) {
    if (!rooms.redirects_downloads || call.request.method != "GET") return false;
    const std::string link = rooms.blobs.link({blob, mp3_type, disposition, link_time});
    if (link.empty()) return false;
    call.response.status = 307;
    call.response.set_header("Location", link);
    return true;
}

} // namespace

/// POST /v1/files/{id}/link: an address at which the MP3 can be had without a token, for an hour.
void create_link(Rooms &rooms, Call &call) {
    const auto file = require_file(rooms, call);
    require_done(file.object);
    const auto link = rooms.auth.create_link(call.caller, file.object.id);
    answer(call, 201,
           {{"url", "/v1/files/" + file.object.id + "/mp3?link=" + link.token},
            {"expires_at", format_time(link.expires_at)}});
}

/// GET /v1/files/{id}/mp3?link=
void download_mp3(Rooms &rooms, Call &call) {
    const auto file = require_file(rooms, call);
    require_done(file.object);
    const Mp3 &mp3 = *file.object.mp3;
    const std::string etag = '"' + mp3.sha256 + '"';
    httplib::Response &response = call.response;
    response.set_header("ETag", etag);
    if (has_it_already(call.request, etag)) {
        response.status = 304;
        return;
    }
    const auto disposition = content_disposition(without_extension(file.object.name) + ".mp3");
    if (!must_stay(call.request, etag) && redirect(rooms, call, file.mp3_blob, disposition)) return;
    response.set_header("Accept-Ranges", "bytes");
    response.set_header("Content-Disposition", disposition);
    auto blob = rooms.blobs.open(file.mp3_blob);
    if (!blob) throw Error{Errc::internal, "the MP3 is missing on the server", file.mp3_blob};

    const ByteRange part = choose_part(call, etag, mp3.bytes);
    send(response, std::move(blob), part);
}

} // namespace mp3conv::api
