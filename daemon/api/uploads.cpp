#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "daemon/api/admission.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/tus.hpp"
#include "daemon/system/counts.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::api {
namespace {

// After so many bytes they are made durable: a server that dies costs its client no more.
constexpr uint64_t durable_every = 16ULL << 20;

queue::Upload require(Rooms &rooms, const Call &call, const std::string &id) {
    auto upload = rooms.uploads.find(call.caller.user, id);
    if (!upload) throw Error{Errc::not_found, "there is no upload with this ID among yours"};
    return *upload;
}

Turns::Turn take_turn(Rooms &rooms, const Call &call, const std::string &id) {
    return rooms.turns.take(id, [&connection = call.connection] { connection.break_off(); });
}

Error ended() {
    return Error{Errc::not_found, "the upload was ended meanwhile"};
}

Error at_another_offset(const queue::Upload &upload) {
    return Error{Errc::offset_conflict, "Upload-Offset: the upload is at " +
                                            std::to_string(upload.offset) + "; go on from there"};
}

/// Does something to an upload, for whoever comes with its offset. A turn keeps others of this
/// process away, but there are other machines. Who loses to one is told that, however it showed.
template <typename Action>
void unless_overtaken(Rooms &rooms, const Call &call, const queue::Upload &upload, Action &&act) {
    try {
        act();
    } catch (const Error &) {
        const auto now = rooms.uploads.find(call.caller.user, upload.file.id);
        if (!now) throw ended();
        const bool is_same = now->is_open == upload.is_open && now->offset == upload.offset &&
                             now->bookmark == upload.bookmark;
        if (!is_same) throw at_another_offset(*now);
        throw;
    }
}

void note_progress(Rooms &rooms, queue::Upload &upload, const storage::Progress &progress) {
    auto next = upload;
    next.offset = progress.size;
    next.bookmark = progress.bookmark;
    next.expires_at = rooms.clock.now() + rooms.limits.upload_expiry;
    if (!rooms.uploads.advance(upload, next)) throw ended();
    upload = next;
}

std::unique_ptr<storage::LastingDraft> resume(Rooms &rooms, queue::Upload &upload) {
    return rooms.blobs.resume(upload.file.source_blob, {upload.offset, upload.bookmark},
                              [&rooms, &upload](const std::string &bookmark) {
                                  note_progress(rooms, upload, {upload.offset, bookmark});
                              });
}

/// The bytes of one request on their way into an upload.
class Piece {
public:
    Piece(Rooms &rooms, queue::Upload &upload, std::optional<tus::Checksum> checksum) :
        rooms_{rooms},
        upload_{upload},
        checksum_{std::move(checksum)},
        draft_{resume(rooms, upload)},
        end_{upload.offset} {}

    void take(std::string_view bytes) {
        end_ += bytes.size();
        if (end_ > upload_.length.value_or(rooms_.limits.max_upload_bytes)) {
            throw Error{Errc::too_large, "the upload is longer than it was to be"};
        }
        draft_->write(bytes);
        if (checksum_) return checksum_->update(bytes);
        if (end_ - upload_.offset >= durable_every) keep();
    }

    /// What came is durable and acknowledged; with a checksum, only if it is what was meant.
    void keep() { note_progress(rooms_, upload_, {end_, draft_->sync()}); }

    void finish() {
        if (checksum_) checksum_->require_match();
        keep();
    }

    bool has_checksum() const { return checksum_.has_value(); }

private:
    Rooms &rooms_;
    queue::Upload &upload_;
    std::optional<tus::Checksum> checksum_;
    std::unique_ptr<storage::LastingDraft> draft_;
    uint64_t end_;
};

void receive(Rooms &rooms, const Call &call, queue::Upload &upload) {
    const system::metrics::Presence receiving{system::counts().uploads_receiving.only()};
    Piece piece{rooms, upload, tus::Checksum::of(call.request)};
    const bool whole = (*call.body)([&](const char *bytes, size_t size) {
        piece.take({bytes, size});
        return true;
    });
    if (whole) return piece.finish();
    if (!piece.has_checksum()) piece.keep(); // the client goes on from here
    throw Error{Errc::upload_incomplete, "the upload broke off; ask for its offset and go on"};
}

std::unique_ptr<storage::Blob> open_source(Rooms &rooms, const queue::Upload &upload) {
    auto blob = rooms.blobs.open(upload.file.source_blob);
    if (!blob) throw storage::bytes_missing();
    return blob;
}

/// Queues an upload of which every byte is there; a partial one is from then on there to be joined.
void finish_if_whole(Rooms &rooms, const Call &call, queue::Upload &upload) {
    if (upload.offset != upload.length) return;
    rooms.auth.require_still_allowed(call.caller);
    resume(rooms, upload)->commit();
    if (upload.is_partial) return;
    const bool is_queued_now =
        rooms.uploads.finish(upload, sha256_of(*open_source(rooms, upload))).has_value();
    const auto is_queued_already = [&] {
        return rooms.uploads.find(call.caller.user, upload.file.id).has_value();
    };
    if (!is_queued_now && !is_queued_already()) throw ended();
    rooms.work.ring();
    rooms.changes.of(upload.file.id).ring();
}

void tell(httplib::Response &response, const queue::Upload &upload) {
    response.set_header("Upload-Offset", std::to_string(upload.offset));
    if (!upload.is_open) return;
    const std::time_t expires = std::chrono::system_clock::to_time_t(upload.expires_at);
    std::tm utc{};
    std::array<char, 40> text{};
    ::gmtime_r(&expires, &utc);
    // RFC 9110, 5.6.7
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    response.set_header("Upload-Expires", text.data());
}

/// Lays the parts of a final upload behind each other, and lets go of them.
void join(Rooms &rooms, const Call &call, queue::Upload &upload,
          const std::vector<std::string> &parts) {
    const auto draft = resume(rooms, upload);
    uint64_t size = 0;
    for (const auto &id : parts) {
        const auto part = require(rooms, call, id);
        open_source(rooms, part)->read(0, part.offset, [&draft](std::string_view bytes) {
            draft->write(bytes);
            return true;
        });
        size += part.offset;
    }
    upload.length = size;
    note_progress(rooms, upload, {size, draft->sync()});
    finish_if_whole(rooms, call, upload);
    for (const auto &id : parts) remove_with_blobs(rooms, call.caller.user, id);
}

uint64_t size_of_parts(Rooms &rooms, const Call &call, const std::vector<std::string> &parts) {
    uint64_t size = 0;
    for (const auto &id : parts) {
        const auto part = require(rooms, call, id);
        if (!part.is_partial || part.offset != part.length) {
            throw Error{Errc::bad_request,
                        "Upload-Concat: " + id + " is no finished partial upload"};
        }
        size += part.offset;
    }
    return size;
}

queue::Upload new_upload(Rooms &rooms, const Call &call) {
    queue::Upload upload;
    upload.file.id = system::random_id(file_id_length);
    upload.file.owner = call.caller.user;
    upload.file.name = "unnamed";
    upload.file.source_blob = upload.file.id + ".source";
    upload.expires_at = rooms.clock.now() + rooms.limits.upload_expiry;
    tus::apply_metadata(call.request.get_header_value("Upload-Metadata"), upload.file);
    return upload;
}

/// A piece of a file to come is no file yet.
queue::Usage wanted(const tus::Concat &concat, uint64_t bytes) {
    return concat.is_partial ? queue::Usage{.bytes = bytes} : one_file(bytes);
}

/// Takes note of a length that was deferred, where the client says it now.
void settle_length(Rooms &rooms, const Call &call, queue::Upload &upload) {
    upload.length = tus::number_header(call.request, "Upload-Length");
    if (!upload.length) return;
    if (*upload.length < std::max<uint64_t>(upload.offset, 1)) {
        throw Error{Errc::bad_request, "Upload-Length: less than what is there already"};
    }
    admit(rooms, call.caller.user, {.bytes = *upload.length - upload.offset});
}

} // namespace

/// OPTIONS /v1/uploads
void show_upload_options(Rooms &rooms, Call &call) {
    tus::describe_server(call.response, rooms.limits.max_upload_bytes);
}

/// POST /v1/uploads: creation, with a first piece where there is one.
void create_upload(Rooms &rooms, Call &call) {
    tus::require_version(call.request, call.response);
    const auto concat = tus::read_concat(call.request);
    auto upload = new_upload(rooms, call);
    upload.is_partial = concat.is_partial;
    uint64_t bytes = 0;
    if (concat.parts.empty()) {
        upload.length = tus::length_of_new(call.request);
        if (upload.length == 0) throw Error{Errc::not_media, "the upload is empty"};
        bytes = upload.length.value_or(0);
    } else {
        bytes = size_of_parts(rooms, call, concat.parts);
    }
    upload.file.limits = admit(rooms, call.caller.user, wanted(concat, bytes));
    rooms.uploads.begin(upload);
    call.response.set_header("Location", "/v1/uploads/" + upload.file.id);
    if (!concat.parts.empty()) {
        join(rooms, call, upload, concat.parts);
    } else if (call.request.get_header_value("Content-Type") == tus::body_type) {
        const auto turn = take_turn(rooms, call, upload.file.id);
        receive(rooms, call, upload);
        finish_if_whole(rooms, call, upload);
    }
    tell(call.response, upload);
    call.response.status = 201;
}

/// HEAD /v1/uploads/{id}: how far it is. Who is told that all of it is here relies on that: where
/// the daemon died between the last byte and the job, it is queued now.
void show_upload(Rooms &rooms, Call &call) {
    tus::require_version(call.request, call.response);
    const auto turn = take_turn(rooms, call, call.id());
    auto upload = require(rooms, call, call.id());
    unless_overtaken(rooms, call, upload, [&] {
        if (upload.is_open) finish_if_whole(rooms, call, upload);
    });
    tell(call.response, upload);
    if (upload.length) {
        call.response.set_header("Upload-Length", std::to_string(*upload.length));
    } else {
        call.response.set_header("Upload-Defer-Length", "1");
    }
    if (upload.is_partial) call.response.set_header("Upload-Concat", "partial");
    call.response.status = 200;
}

/// PATCH /v1/uploads/{id}: a piece; the last one queues the file.
void append_upload(Rooms &rooms, Call &call) {
    tus::require_version(call.request, call.response);
    if (call.request.get_header_value("Content-Type") != tus::body_type) {
        throw Error{Errc::unsupported_media_type,
                    std::string{"Content-Type: must be "} + tus::body_type};
    }
    const auto turn = take_turn(rooms, call, call.id());
    auto upload = require(rooms, call, call.id());
    const auto offset = tus::number_header(call.request, "Upload-Offset");
    if (!upload.is_open || offset != upload.offset) {
        throw at_another_offset(upload);
    }
    unless_overtaken(rooms, call, upload, [&] {
        if (!upload.length) settle_length(rooms, call, upload);
        receive(rooms, call, upload);
        finish_if_whole(rooms, call, upload);
    });
    tell(call.response, upload);
    call.response.status = 204;
}

/// DELETE /v1/uploads/{id}
void remove_upload(Rooms &rooms, Call &call) {
    tus::require_version(call.request, call.response);
    const auto turn = take_turn(rooms, call, call.id());
    remove_file(rooms, call);
}

} // namespace mp3conv::api
