#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <vector>

#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/conversion_options.hpp"
#include "cli/destination.hpp"
#include "cli/input.hpp"
#include "cli/inputs.hpp"
#include "cli/jobs.hpp"
#include "cli/output.hpp"
#include "cli/source.hpp"
#include "cli/target_lock.hpp"
#include "cli/transfer.hpp"
#include "cli/upload_memory.hpp"
#include "cli/wait.hpp"
#include "common/error.hpp"

namespace mp3conv::cli {
namespace {

struct ConvertRequest {
    Inputs inputs;
    Destination destination;
    Options options;
    bool whole_file = false;
    bool keeps_time = false; ///< --preserve-mtime
    bool is_dry_run = false;
    int jobs = 1;
    std::optional<std::chrono::seconds> timeout;
};

/// A file that was sent, and where its MP3 is to go.
struct Sent {
    std::string id;
    std::string target;
    TargetLock lock; ///< until the MP3 is there, or will not be
};

void check_is_another(const std::string &source, const std::string &target) {
    std::error_code absent;
    if (source == "-" || !std::filesystem::equivalent(source, target, absent)) return;
    throw Error{Errc::usage, "its MP3 would overwrite it; use -o or --output-dir"};
}

/// @return nullopt where there is nothing to do.
std::optional<Sent> send_one(Session &session, const std::string &source,
                             const ConvertRequest &request, Progress &progress) {
    const std::string target = request.destination.path_for(input_name(source));
    check_is_another(source, target);
    TargetLock lock{target};
    if (!lock.is_held()) {
        note(session.globals, target + ": another mp3conv is making it; skipped");
    } else if (!request.destination.is_wanted(target, changed_at(source))) {
        note(session.globals, target + ": is newer than " + source + "; skipped");
    } else {
        const auto file = send_file(session, source, request.options, request.whole_file, progress);
        return Sent{file.id, target, std::move(lock)};
    }
    return std::nullopt;
}

FileObject wait_for_mp3(Session &session, const std::string &id, const Deadline &deadline,
                        Progress &progress) {
    const auto file = wait_until_finished(session, id, deadline, progress);
    UploadMemory::forget(id); // from here on there is nothing to go on with
    require_mp3(file);
    return file;
}

int tell_plan(const Globals &globals, const std::vector<std::string> &files,
              const Destination &destination) {
    for (const auto &source : files) {
        const std::string target = destination.path_for(input_name(source));
        const bool is_wanted = destination.is_wanted(target, changed_at(source));
        note(globals, is_wanted ? "would convert " + source + " to " + target
                                : "would skip " + source + ": " + target + " is newer");
    }
    return 0;
}

int convert(const Globals &globals, const ConvertRequest &request) {
    std::vector<std::string> names;
    const auto files = collect(request.inputs);
    for (const auto &source : files) names.push_back(input_name(source));
    request.destination.check(names);
    if (request.is_dry_run) return tell_plan(globals, files, request.destination);
    const Deadline deadline{request.timeout};
    Batch batch{globals, files.size()};
    Lane fetching{request.jobs};
    const auto convert_one = [&](Session &session, const std::string &source, Turn &sending) {
        Progress progress{batch.board(), input_name(source)};
        const auto sent = send_one(session, source, request, progress);
        sending.unlock();
        if (!sent) return;
        const auto file = wait_for_mp3(session, sent->id, deadline, progress);
        const Turn turn{fetching};
        fetch_mp3(session, file, sent->target, progress);
        if (request.keeps_time) set_changed_at(sent->target, changed_at(source));
        print_written(globals, file, sent->target);
    };
    run_jobs(globals, files, request.jobs, batch, convert_one);
    return batch.exit_status();
}

} // namespace

void add_convert_command(CommandLine &line) {
    const auto request = std::make_shared<ConvertRequest>();
    CLI::App *command = add_command(line, "convert", "turn files into MP3s: send, wait, fetch",
                                    [&line, request] { return convert(line.globals, *request); });
    add_inputs(*command, request->inputs);
    command->add_flag("--dry-run", request->is_dry_run, "only say what would be done");
    command->add_flag("--preserve-mtime", request->keeps_time,
                      "give the MP3 its source's time of change");
    add_destination_options(*command, request->destination);
    add_jobs(*command, request->jobs);
    add_timeout(*command, request->timeout);
    add_whole_file(*command, request->whole_file);
    add_conversion_options(*command, request->options);
}

} // namespace mp3conv::cli
