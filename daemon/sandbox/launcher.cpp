#include "daemon/sandbox/launcher.hpp"

#include "common/error.hpp"
#include "common/fd.hpp"
#include "daemon/convert/length.hpp"
#include "daemon/sandbox/channel.hpp"
#include "daemon/sandbox/deadline.hpp"

namespace mp3conv::sandbox {

Launcher::Launcher(std::chrono::seconds time) : time_{time} {
    helper_.with([this](auto &helper) {
        helper = std::make_unique<HelperProcess>(running_.fd());
        missing_ = helper->missing().layers;
    });
}

convert::Report Launcher::convert(const SourceFile &source, int mp3, const Options &options,
                                  const convert::Progress &progress) {
    const RunningCount::Seat seat{running_};
    const uint64_t bytes = file_size(source.fd, "the source");
    const auto time = time_ > std::chrono::seconds{0} ? time_ : time_for(bytes);
    Channel words = open_channel();
    Channel fate = open_channel();
    send(encode(Request{options, time, convert::most_mp3_bytes(bytes), !source.fetch}),
         {source.fd, mp3, words.theirs.get(), fate.theirs.get()});
    words.theirs = Fd{}; // so that the end of the last one who holds them can be seen
    fate.theirs = Fd{};
    return Attendance{std::move(words.ours), std::move(fate.ours), time, source, progress}.run();
}

/// A helper that has died is replaced; the conversions that ran in it have noticed by themselves.
/// There is none where one died before while it started.
void Launcher::send(std::string_view request, std::initializer_list<int> descriptors) {
    helper_.with([&](auto &helper) {
        if (helper && helper->send(request, descriptors)) return;
        helper = nullptr;
        helper = std::make_unique<HelperProcess>(running_.fd());
        if (helper->send(request, descriptors)) return;
        throw Error{Errc::conversion_killed, "the helper that converts died; try again later"};
    });
}

} // namespace mp3conv::sandbox
