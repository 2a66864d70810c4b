#include <nlohmann/json.hpp>

#include "common/sha256.hpp"
#include "common/text.hpp"
#include "daemon/api/admission.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/system/counts.hpp"
#include "daemon/system/random.hpp"

namespace mp3conv::api {
namespace {

constexpr size_t largest_form_field = 1024;

/// Reads the conversion options and the name out of the query.
void apply_query(const httplib::Request &request, queue::NewFile &file) {
    for (const auto &[name, value] : request.params) {
        if (name == "name") {
            file.name = safe_file_name(value);
        } else {
            set_option(file.options, name, value);
        }
    }
    check_options(file.options);
}

/// The source on its way in: hashed and counted as it passes.
class Incoming {
public:
    Incoming(storage::Draft &draft, uint64_t limit) : draft_{draft}, limit_{limit} {}

    void take(std::string_view bytes) {
        size_ += bytes.size();
        if (size_ > limit_) throw Error{Errc::too_large, "the upload is larger than allowed"};
        hash_.update(bytes);
        draft_.write(bytes);
    }

    uint64_t size() const { return size_; }
    std::string sha256() { return hash_.finish(); }

private:
    storage::Draft &draft_;
    uint64_t limit_;
    uint64_t size_ = 0;
    Sha256 hash_;
};

bool receive_raw(const Call &call, Incoming &incoming) {
    return (*call.body)([&](const char *bytes, size_t size) {
        incoming.take({bytes, size});
        return true;
    });
}

/// A form as `curl -F file=@talk.mp4 -F preset=high` sends it.
bool receive_form(const Call &call, Incoming &incoming, queue::NewFile &file) {
    std::string field;
    std::string value;
    bool has_file = false;
    const auto finish_field = [&] {
        if (!field.empty() && field != "file") set_option(file.options, field, value);
        value.clear();
    };
    const auto begin_part = [&](const httplib::MultipartFormData &part) {
        finish_field();
        field = part.name;
        if (field == "file" && std::exchange(has_file, true)) {
            throw Error{Errc::bad_request, "the form has two files; send one at a time"};
        }
        if (field != "file" && !part.filename.empty()) {
            throw Error{Errc::bad_request,
                        "the form's file is in its field '" + field + "'; send it as 'file'"};
        }
        if (field == "file" && file.name.empty()) file.name = safe_file_name(part.filename);
        return true;
    };
    const bool whole = (*call.body)(begin_part, [&](const char *bytes, size_t size) {
        if (field == "file") {
            incoming.take({bytes, size});
        } else if (value.append(bytes, size).size() > largest_form_field) {
            throw Error{Errc::too_large, "the form's field " + field + " is too long"};
        }
        return true;
    });
    finish_field();
    if (whole && !has_file) throw Error{Errc::bad_request, "the form has no field 'file'"};
    check_options(file.options);
    return whole;
}

/// A request that is repeated because its answer was lost gets the file that it made.
bool answer_again(Rooms &rooms, Call &call, const std::string &key) {
    const auto file = key.empty() ? std::nullopt : rooms.files.find_by_key(call.caller.user, key);
    if (!file) return false;
    call.response.set_header("Location", "/v1/files/" + file->id);
    answer(call, 201, *file);
    return true;
}

} // namespace

/// POST /v1/files: the request body is the source; the answer is its file object.
void create_file(Rooms &rooms, Call &call) {
    queue::NewFile file;
    file.owner = call.caller.user;
    apply_query(call.request, file);
    file.idempotency_key = call.request.get_header_value("Idempotency-Key");
    if (answer_again(rooms, call, file.idempotency_key)) return;
    file.limits =
        admit(rooms, call.caller.user,
              one_file(parse_number(call.request.get_header_value("Content-Length")).value_or(0)));

    file.id = system::random_id(file_id_length);
    file.source_blob = file.id + ".source";
    const auto draft = rooms.blobs.begin(file.source_blob); // uncommitted, it deletes itself
    const system::metrics::Presence receiving{system::counts().uploads_receiving.only()};
    Incoming incoming{*draft, rooms.limits.max_upload_bytes};
    const bool whole = call.request.is_multipart_form_data() ? receive_form(call, incoming, file)
                                                             : receive_raw(call, incoming);
    if (!whole) throw Error{Errc::upload_incomplete, "the upload ended early; send it again"};
    if (incoming.size() == 0) throw Error{Errc::not_media, "the upload is empty"};
    if (file.name.empty()) file.name = "unnamed";
    file.bytes = incoming.size();
    file.sha256 = incoming.sha256();
    draft->commit();

    const FileObject object = rooms.jobs.enqueue(file);
    rooms.work.ring();
    call.response.set_header("Location", "/v1/files/" + object.id);
    answer(call, 201, object);
}

} // namespace mp3conv::api
