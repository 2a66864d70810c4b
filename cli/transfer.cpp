#include "cli/transfer.hpp"

#include "cli/input.hpp"
#include "cli/mp3_file.hpp"

namespace mp3conv::cli {

FileObject send_file(Session &session, const std::string &path, const Options &options,
                     Progress &progress) {
    Input input{path};
    const auto read = [&](char *buffer, size_t size) {
        const size_t got = input.read(buffer, size);
        progress.transferred("sending", input.bytes_read(), input.bytes());
        return got;
    };
    return session.client.upload({input_name(path), options, input.bytes(), read});
}

void fetch_mp3(Session &session, const FileObject &file, const std::string &path,
               Progress &progress) {
    Mp3File mp3{path};
    uint64_t fetched = 0;
    session.client.download(file.id, [&](std::string_view bytes) {
        mp3.write(bytes);
        fetched += bytes.size();
        progress.transferred("fetching", fetched, file.mp3->bytes);
    });
    mp3.commit(file.mp3->sha256);
}

} // namespace mp3conv::cli
