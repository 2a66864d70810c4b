#include "cli/transfer.hpp"

#include <algorithm>
#include <fcntl.h>
#include <utility>

#include "cli/backoff.hpp"
#include "cli/mp3_file.hpp"
#include "cli/source.hpp"
#include "cli/upload_memory.hpp"
#include "common/sha256.hpp"

namespace mp3conv::cli {
namespace {

// What is smaller is sent in one request: asking where it broke off would take as long.
constexpr uint64_t resumable_from = 8ULL << 20;

std::string random_key() {
    std::string bytes(16, '\0');
    const Fd source = open_file("/dev/urandom", O_RDONLY);
    read_up_to(source.get(), bytes.data(), bytes.size(), "/dev/urandom");
    return to_hex(bytes);
}

/// One request with all of it, repeated under the same key where nobody knows whether it arrived.
FileObject send_at_once(Session &session, Input &input, Upload upload) {
    upload.idempotency_key = random_key();
    return with_retries(session, [&](Backoff &) {
        input.seek(0);
        return session.client.upload(upload);
    });
}

/// @return the ID and the offset of an upload to go on with, begun now where there is none.
std::pair<std::string, uint64_t> find_or_begin(Session &session, const Upload &upload,
                                               const UploadMemory &memory) {
    if (const auto id = memory.find()) {
        const auto offset = session.client.upload_offset(*id);
        if (offset && *offset <= *upload.bytes) return {*id, *offset};
    }
    const std::string id = session.client.begin_upload(upload);
    memory.keep(id);
    return {id, 0};
}

FileObject send_resumably(Session &session, Input &input, const Upload &upload,
                          const UploadMemory &memory) {
    uint64_t furthest = 0;
    return with_retries(session, [&](Backoff &backoff) {
        const auto [id, offset] = find_or_begin(session, upload, memory);
        if (offset > furthest) backoff.reset();
        furthest = std::max(furthest, offset);
        input.seek(offset);
        if (offset < *upload.bytes) session.client.append(id, offset, upload);
        return session.client.find(id);
    });
}

/// Fetches what is not there, and goes on where it was when the line breaks.
void fetch_rest(Session &session, const FileObject &file, Mp3File &mp3, Progress &progress) {
    const auto write = [&](std::string_view bytes) {
        mp3.write(bytes);
        progress.transferred("fetching", mp3.bytes(), file.mp3->bytes);
    };
    const auto download = [&](Backoff &backoff) {
        const uint64_t before = mp3.bytes();
        try {
            if (before < file.mp3->bytes) session.client.download(file, before, write);
        } catch (const Error &) {
            if (mp3.bytes() > before) backoff.reset();
            throw;
        }
    };
    with_retries(session, download);
}

} // namespace

FileObject send_file(Session &session, const std::string &path, const Options &options,
                     bool whole_file, Progress &progress) {
    Source source = open_source(session.globals, path, options, whole_file, progress);
    Input &input = source.input;
    const auto read = [&](char *buffer, size_t size) {
        const size_t got = input.read(buffer, size);
        progress.transferred("sending", input.bytes_read(), input.bytes());
        return got;
    };
    const Upload upload{input_name(path), source.options, input.bytes(), read};
    if (!upload.bytes) return session.client.upload(upload); // a stream comes once
    const std::string sha256 = input.sha256();
    const auto same = with_retries(
        session, [&](Backoff &) { return session.client.find_same(sha256, upload.options); });
    if (same) return *same;
    if (*upload.bytes < resumable_from) return send_at_once(session, input, upload);
    return send_resumably(session, input, upload,
                          UploadMemory{session.globals.server, sha256, upload.options});
}

void fetch_mp3(Session &session, const FileObject &file, const std::string &path,
               Progress &progress) {
    Mp3File mp3{path, *file.mp3};
    try {
        do fetch_rest(session, file, mp3, progress);
        while (!mp3.commit());
    } catch (const Error &e) {
        if (may_pass(e.code())) mp3.keep();
        throw;
    }
}

} // namespace mp3conv::cli
