#include "daemon/admin/commands.hpp"

#include <CLI/CLI.hpp>

namespace mp3conv::admin {
namespace {

void none(CLI::App &, Request &) {}

void as_json(CLI::App &app, Request &request) {
    app.add_flag("--json", request.json, "print objects, one a line");
}

void lists(CLI::App &app, Request &request) {
    as_json(app, request);
    app.add_option("--limit", request.limit, "how many at most")->check(CLI::PositiveNumber);
}

void lists_jobs(CLI::App &app, Request &request) {
    lists(app, request);
    app.add_option("--state", request.state, "only those in this state");
}

void names(CLI::App &app, Request &request) {
    app.add_option("id", request.ids)->required();
}

void checks(CLI::App &app, Request &request) {
    as_json(app, request);
    app.add_flag("--deep", request.deep, "read all bytes, and compare their SHA-256");
    app.add_flag("--repair", request.repair, "remove bytes that no row names");
}

void backs_up(CLI::App &app, Request &request) {
    app.add_option("folder", request.folder, "a new folder")->required();
}

} // namespace

const std::vector<Command> &commands() {
    static const std::vector<Command> all{
        {"queue", "stats", "say how much there is to do", as_json, show_queue},
        {"queue", "pause", "keep jobs back; what runs goes on", none, pause_queue},
        {"queue", "resume", "undo pause", none, resume_queue},
        {"job", "list", "list everyone's conversions, the newest first", lists_jobs, list_jobs},
        {"job", "retry", "queue failed or cancelled ones once more", names, retry_jobs},
        {"outbox", "list", "list the letters that were not sent", lists, list_letters},
        {"outbox", "retry", "send letters now, those given up too", names, retry_letters},
        {"", "fsck", "compare what the database says with the bytes there are", checks,
         check_files},
        {"", "gc", "remove now what the daemon would remove by and by", none, collect_garbage},
        {"", "backup", "copy everything into a new folder", backs_up, back_up},
    };
    return all;
}

} // namespace mp3conv::admin
