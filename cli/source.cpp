#include "cli/source.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "common/error.hpp"
#include "common/media/extract.hpp"
#include "common/units.hpp"

namespace mp3conv::cli {
namespace {

/// Not /tmp, which may be in memory: /var/tmp is for what is large (file-hierarchy(7)).
std::string temporary_folder() {
    const char *set = std::getenv("TMPDIR");
    return set != nullptr && *set != '\0' ? set : "/var/tmp";
}

/// @return a file without a name, which is gone when it is closed.
Fd temporary_file() {
    std::string name = temporary_folder() + "/mp3conv.XXXXXX";
    Fd fd{::mkostemp(name.data(), O_CLOEXEC)};
    if (!fd) {
        throw Error{Errc::local_file, temporary_folder() + ": cannot hold a temporary file: " +
                                          errno_text() + "; set TMPDIR to another folder"};
    }
    ::unlink(name.c_str());
    return fd;
}

} // namespace

void add_whole_file(CLI::App &command, bool &whole_file) {
    command.add_flag("--whole-file", whole_file, "send a video whole, not only its audio");
}

Source open_source(const Globals &globals, const std::string &path, const Options &options,
                   bool whole_file, Progress &progress) {
    Input whole{path};
    const auto whole_bytes = whole.bytes();
    if (whole_file || path == "-" || !whole_bytes) return {std::move(whole), options};
    Fd file = temporary_file();
    const auto look = [&](double part) {
        check_interrupted();
        progress.reading(part);
    };
    const auto extract = media::extract_audio(whole.fd(), file.get(), options, look);
    if (!extract) return {std::move(whole), options};

    Input audio{path, std::move(file)};
    note(globals, input_name(path) + ": sending " + format_size(audio.bytes().value_or(0)) +
                      " of audio out of " + format_size(*whole_bytes));
    Options rest = options;
    rest.track.reset(); // there is one track only, and it is the right one
    rest.lang.reset();
    if (rest.start_s) *rest.start_s -= extract->begin_s; // it begins later
    if (rest.end_s) *rest.end_s -= extract->begin_s;
    return {std::move(audio), rest};
}

} // namespace mp3conv::cli
