#include "daemon/storage/s3/client.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <random>
#include <thread>
#include <unistd.h>

#include "common/error.hpp"
#include "common/sha256.hpp"
#include "daemon/storage/local_failure.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::storage::s3 {
namespace {

using namespace std::chrono_literals;
namespace log = system::log;

constexpr auto silence = 30s;
constexpr int most_attempts = 10;
constexpr auto first_delay = 100ms;
constexpr auto longest_delay = 4s;

/// What our words are for S3's codes (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
struct Meaning {
    std::string_view code;
    std::string_view words;
    bool is_passing; ///< the same request may succeed in a moment
};

constexpr std::array meanings{
    Meaning{"NoSuchBucket", "there is no such bucket", false},
    Meaning{"InvalidAccessKeyId", "it does not know the access key", false},
    Meaning{"SignatureDoesNotMatch", "the secret key is wrong", false},
    Meaning{"AccessDenied", "the credentials do not allow it", false},
    Meaning{"ExpiredToken", "the credentials have run out", false},
    Meaning{"RequestTimeTooSkewed", "this machine's clock is wrong", false},
    Meaning{"AuthorizationHeaderMalformed", "the bucket is in another region", false},
    Meaning{"PermanentRedirect", "the bucket is in another region", false},
    Meaning{"NoSuchUpload", "an upload in parts is gone", false},
    Meaning{"RequestTimeout", "it got no bytes for too long", true},
    Meaning{"XAmzContentSHA256Mismatch", "bytes were damaged on their way", true},
    Meaning{"OperationAborted", "another request was at it", true},
    Meaning{"SlowDown", "it is asked too often", true},
    Meaning{"InternalError", "it failed", true},
    Meaning{"ServiceUnavailable", "it is not available", true},
    Meaning{"QuotaExceeded", "the quota is used up", false},
    Meaning{"XMinioStorageFull", "its disks are full", false},
};

const Meaning *meaning_of(std::string_view code) {
    const auto *const found = std::find_if(meanings.begin(), meanings.end(),
                                           [code](const auto &row) { return row.code == code; });
    return found == meanings.end() ? nullptr : found;
}

bool is_passing(const Reply &reply, const Refusal &refusal) {
    if (!reply.failure.empty() || reply.status >= 500 || reply.status == 429) return true;
    const auto *const meaning = meaning_of(refusal.code);
    return meaning != nullptr && meaning->is_passing;
}

std::string describe(const Reply &reply, const Refusal &refusal) {
    if (!reply.failure.empty()) return "S3 cannot be reached: " + reply.failure;
    const auto *const meaning = meaning_of(refusal.code);
    std::string text = "S3: ";
    text += meaning == nullptr ? "it refuses" : meaning->words;
    text += " (" + std::to_string(reply.status);
    if (!refusal.code.empty()) text += ' ' + refusal.code;
    if (!refusal.message.empty()) text += ": " + refusal.message;
    return text + ')';
}

Error error_of(const Reply &reply, const Refusal &refusal) {
    const bool is_full = refusal.code == "QuotaExceeded" || refusal.code == "XMinioStorageFull" ||
                         reply.status == 507;
    return disk_failure(is_full, describe(reply, refusal));
}

/// Half of the time at least, so that many who failed at once do not come back at once.
void wait_before(int attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto time =
        std::min<std::chrono::milliseconds>(first_delay * (1 << attempt), longest_delay);
    std::uniform_int_distribution<int64_t> some{time.count() / 2, time.count()};
    std::this_thread::sleep_for(std::chrono::milliseconds{some(random)});
}

std::string sha256_of(std::string_view text) {
    Sha256 hash;
    hash.update(text);
    return hash.finish();
}

std::string sha256_of(FileRange range) {
    Sha256 hash;
    std::vector<char> buffer(256 << 10);
    while (range.count > 0) {
        const ssize_t got =
            ::pread(range.fd, buffer.data(), std::min<uint64_t>(buffer.size(), range.count),
                    static_cast<off_t>(range.first));
        if (got < 0) fail("read back what is to be sent");
        if (got == 0) throw disk_failure(false, "bytes that are to be sent are gone");
        hash.update({buffer.data(), static_cast<size_t>(got)});
        range.first += static_cast<uint64_t>(got);
        range.count -= static_cast<uint64_t>(got);
    }
    return hash.finish();
}

} // namespace

/// A request of ours, before it is signed.
struct Client::Ask {
    std::string method;
    std::string key;
    Pairs query{};
    Pairs headers{};
    std::string body{};
    FileRange file{};
    std::function<bool(std::string_view)> sink{};
    std::string sha256{};
    int attempts = most_attempts;
};

Client::Client(Location location) :
    location_{std::move(location)},
    credentials_{open_credentials(location_.credentials_file, location_.profile, http_)},
    signer_{location_.region} {}

Reply Client::ask_once(const Ask &ask) {
    Request request{ask.method, location_.host(), location_.path_of(ask.key),
                    ask.query,  ask.headers,      ask.sha256};
    signer_.sign(request, credentials_->get(), std::time(nullptr));
    const std::string query = canonical_query(ask.query);
    return http_.exchange(
        {.method = ask.method,
         .url = location_.base_url() + request.path + (query.empty() ? "" : '?' + query),
         .headers = request.headers,
         .body = ask.body,
         .file = ask.file,
         .sink = ask.sink},
        silence);
}

/// @return an answer with 2xx, or 404.
Reply Client::ask(const Ask &unsigned_ask) {
    Ask ask = unsigned_ask;
    ask.sha256 = ask.file.fd < 0 ? sha256_of(std::string_view{ask.body}) : sha256_of(ask.file);
    for (int attempt = 0;; ++attempt) {
        Reply reply = ask_once(ask);
        const Refusal refusal = parse_refusal(reply.body);
        const bool is_done = reply.failure.empty() && reply.status >= 200 && reply.status < 300 &&
                             refusal.code.empty();
        const bool is_absent =
            reply.status == 404 && reply.failure.empty() && refusal.code != "NoSuchBucket";
        if (is_done || is_absent || reply.was_ended) return reply;
        if (!is_passing(reply, refusal) || attempt + 1 >= ask.attempts) {
            throw error_of(reply, refusal);
        }
        log::warning("S3 failed, and is asked again",
                     {{"method", ask.method}, {"cause", describe(reply, refusal)}});
        wait_before(attempt);
    }
}

std::optional<uint64_t> Client::size_of(const std::string &key) {
    const Reply reply = ask({.method = "HEAD", .key = key});
    if (reply.status == 404) return std::nullopt;
    return parse_number(reply.header("content-length"));
}

/// What broke off goes on where it was, for as long as something comes.
bool Client::get(const std::string &key, uint64_t first, uint64_t count, const Sink &sink) {
    bool is_wanted = true;
    for (int attempt = 0; count > 0 && is_wanted; ++attempt) {
        const std::string range =
            "bytes=" + std::to_string(first) + '-' + std::to_string(first + count - 1);
        const uint64_t left = count;
        Ask ask{.method = "GET", .key = key, .headers = {{"range", range}}};
        ask.sha256 = sha256_of(std::string_view{});
        ask.sink = [&](std::string_view bytes) {
            bytes = bytes.substr(0, count);
            first += bytes.size();
            count -= bytes.size();
            is_wanted = sink(bytes);
            return is_wanted;
        };
        const Reply reply = ask_once(ask);
        if (count == 0 || !is_wanted) break;
        const Refusal refusal = parse_refusal(reply.body);
        const bool is_absent = reply.status == 404 || reply.status == 416;
        const bool is_short = reply.failure.empty() && reply.status == 206;
        if (is_absent || is_short)
            throw Error{Errc::internal, "bytes are missing on the server", key};
        if (count < left) attempt = 0;
        if (!is_passing(reply, refusal) || attempt + 1 >= most_attempts) {
            throw error_of(reply, refusal);
        }
        wait_before(attempt);
    }
    return is_wanted;
}

void Client::put(const std::string &key, FileRange bytes) {
    const Reply reply = ask({.method = "PUT", .key = key, .file = bytes});
    if (reply.status == 404) throw error_of(reply, parse_refusal(reply.body));
}

void Client::remove(const std::string &key) {
    ask({.method = "DELETE", .key = key});
}

void Client::each_object(const std::string &prefix,
                         const std::function<void(const Object &)> &see) {
    ObjectPage page;
    do {
        Pairs query{{"list-type", "2"}, {"prefix", prefix}};
        if (!page.next.empty()) query.emplace_back("continuation-token", page.next);
        page = parse_objects(ask({.method = "GET", .key = "", .query = query}).body);
        for (const auto &object : page.objects) see(object);
    } while (!page.next.empty());
}

void Client::check() {
    const Pairs query{{"list-type", "2"}, {"prefix", location_.prefix}, {"max-keys", "1"}};
    parse_objects(ask({.method = "GET", .key = "", .query = query, .attempts = 1}).body);
}

std::string Client::begin_upload(const std::string &key) {
    return parse_upload_id(ask({.method = "POST", .key = key, .query = {{"uploads", ""}}}).body);
}

Part Client::put_part(const std::string &key, const std::string &id, int number, FileRange bytes) {
    const Pairs query{{"partNumber", std::to_string(number)}, {"uploadId", id}};
    const Reply reply = ask({.method = "PUT", .key = key, .query = query, .file = bytes});
    if (reply.status == 404) throw error_of(reply, parse_refusal(reply.body));
    return {number, bytes.count, reply.header("etag"), {}};
}

/// Where the answer to the first try was lost, the next finds no upload, but the object.
void Client::complete(const std::string &key, const std::string &id,
                      const std::vector<Part> &parts) {
    const Reply reply =
        ask({.method = "POST", .key = key, .query = {{"uploadId", id}}, .body = completion(parts)});
    uint64_t size = 0;
    for (const auto &part : parts) size += part.size;
    if (reply.status == 404 && size_of(key) != size) {
        throw error_of(reply, parse_refusal(reply.body));
    }
}

void Client::abort(const std::string &key, const std::string &id) {
    ask({.method = "DELETE", .key = key, .query = {{"uploadId", id}}});
}

void Client::each_upload(const std::string &prefix,
                         const std::function<void(const Upload &)> &see) {
    UploadPage page;
    do {
        Pairs query{{"uploads", ""}, {"prefix", prefix}};
        if (!page.next_key.empty()) {
            query.emplace_back("key-marker", page.next_key);
            query.emplace_back("upload-id-marker", page.next_id);
        }
        page = parse_uploads(ask({.method = "GET", .key = "", .query = query}).body);
        for (const auto &upload : page.uploads) see(upload);
    } while (!page.next_key.empty());
}

std::vector<Part> Client::parts(const std::string &key, const std::string &id) {
    std::vector<Part> all;
    PartPage page;
    do {
        Pairs query{{"uploadId", id}};
        if (!page.next.empty()) query.emplace_back("part-number-marker", page.next);
        const Reply reply = ask({.method = "GET", .key = key, .query = query});
        if (reply.status == 404) return {};
        page = parse_parts(reply.body);
        all.insert(all.end(), page.parts.begin(), page.parts.end());
    } while (!page.next.empty());
    return all;
}

std::string Client::link(const std::string &key, const Pairs &headers, std::chrono::seconds time) {
    const Request request{"GET", location_.host(), location_.path_of(key), headers, {}, {}};
    return location_.base_url() + request.path + '?' +
           signer_.presigned_query(request, credentials_->get(), std::time(nullptr),
                                   static_cast<int>(time.count()));
}

} // namespace mp3conv::storage::s3
