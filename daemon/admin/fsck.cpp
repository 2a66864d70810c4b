#include <iostream>
#include <nlohmann/json.hpp>

#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/sweeper.hpp"

namespace mp3conv::admin {
namespace {

/// @return what is wrong with the bytes; empty where nothing is.
std::string fault_of(storage::BlobStore &blobs, const queue::NamedBlob &named, bool deep) {
    if (named.is_growing) {
        return blobs.can_resume(named.blob, {named.bytes, named.bookmark}) ? "" : "missing";
    }
    const auto bytes = blobs.open(named.blob);
    if (!bytes) return "missing";
    if (bytes->size() != named.bytes) return "size";
    const bool differs = deep && !named.sha256.empty() && sha256_of(*bytes) != named.sha256;
    return differs ? "sha256" : "";
}

class Check {
public:
    Check(House &house, const Request &request) : house_{house}, request_{request} {}

    /// A running daemon may have let go of bytes since their row was read.
    void look_for_faults() {
        auto &overview = house_.rows->overview();
        auto page = overview.blobs_after(0);
        for (; !page.empty(); page = overview.blobs_after(page.back().seq)) {
            for (const auto &named : page) {
                const auto fault = fault_of(*house_.blobs, named, request_.deep);
                if (!fault.empty() && house_.rows->files().names_blob(named.blob)) {
                    report(fault, named.file_id, named.blob);
                }
            }
        }
    }

    void look_for_orphans() {
        const auto orphans = find_orphans(house_.rows->files(), *house_.blobs, Sweeper::orphan_age);
        for (const auto &blob : orphans) {
            report("orphan", blob.substr(0, blob.find('.')), blob);
            if (request_.repair) house_.blobs->remove(blob);
        }
    }

    bool is_clean() const { return is_clean_; }

private:
    void report(const std::string &fault, const std::string &file, const std::string &blob) {
        is_clean_ = false;
        print_line(request_.json, {{"fault", fault}, {"file", file}, {"blob", blob}});
    }

    House &house_;
    const Request &request_;
    bool is_clean_ = true;
};

} // namespace

int check_files(const Settings &settings, const Request &request) {
    House house{settings};
    Check check{house, request};
    check.look_for_faults();
    check.look_for_orphans();
    return check.is_clean() ? 0 : 1;
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
