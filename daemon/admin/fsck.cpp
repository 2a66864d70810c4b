#include <nlohmann/json.hpp>

#include "daemon/admin/commands.hpp"
#include "daemon/admin/faults.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/sweeper.hpp"

namespace mp3conv::admin {
namespace {

/// @return whether there are none.
bool print_orphans(House &house, const Request &request) {
    const auto orphans = find_orphans(house.rows->files(), *house.blobs, Sweeper::orphan_age);
    for (const auto &blob : orphans) {
        print_fault(request.json, "orphan", blob.substr(0, blob.find('.')), blob);
        if (request.repair) house.blobs->remove(blob);
    }
    return orphans.empty();
}

} // namespace

int check_files(const Settings &settings, const Request &request) {
    House house{settings};
    const bool all_right = print_faults(house, request.deep, request.json);
    return print_orphans(house, request) && all_right ? 0 : 1;
}

int collect_garbage(const Settings &settings, const Request &) {
    House house{settings};
    Sweeper sweeper{{house.rows->files(), house.rows->uploads(), house.rows->sessions(),
                     house.rows->attempts(), house.rows->codes(), house.rows->invites(),
                     house.rows->outbox(), *house.blobs, house.clock},
                    {settings.keep_mp3, settings.keep_source, settings.keep_history}};
    size_t expired = 0;
    size_t rows = 0;
    sweeper.sweep_accounts();
    while (const size_t some = sweeper.sweep_expired()) expired += some;
    while (const size_t some = sweeper.sweep_history()) rows += some;
    print_line(false, {{"what", "expired"}, {"blobs", expired}});
    print_line(false, {{"what", "orphans"}, {"blobs", sweeper.sweep_orphans()}});
    print_line(false, {{"what", "history"}, {"rows", rows}});
    return 0;
}

} // namespace mp3conv::admin
