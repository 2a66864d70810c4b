#include <algorithm>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "common/error.hpp"
#include "daemon/admin/blob_mover.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/admin/faults.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/data_dir.hpp"
#include "daemon/sweeper.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::admin {
namespace {

namespace fs = std::filesystem;

// So many that came since the last look are opened, and can be copied once the rows are.
constexpr size_t few = 100;
constexpr int most_looks = 20;

/// What an earlier look at the rows saw.
class Seen {
public:
    explicit Seen(queue::Overview &overview) : overview_{overview} {}

    /// To be asked in the order of the rows.
    bool contains(const queue::NamedBlob &named) {
        if (page_.empty() || page_.back().seq < named.seq) {
            page_ = overview_.blobs_after(named.seq - 1);
        }
        return std::find(page_.begin(), page_.end(), named) != page_.end();
    }

private:
    queue::Overview &overview_;
    std::vector<queue::NamedBlob> page_;
};

/// Rows as they were in one moment, in files of their own.
class Snapshots {
public:
    Snapshots(House &house, const fs::path &folder) : house_{house}, folder_{folder} {}
    ~Snapshots() {
        std::error_code ignored;
        fs::remove_all(folder_.path(), ignored);
    }

    /// @param meanwhile as db::Database::copy_to. @return it; the one before the last goes.
    db::Database &take(const std::function<void()> &meanwhile = [] {}) {
        const size_t slot = count_++ % kept;
        const fs::path name = folder_.path() / std::to_string(slot);
        auto &snapshot = last_.at(slot);
        snapshot.reset();
        fs::remove_all(name);
        fs::create_directory(name);
        house_.rows->copy_to(name / "rows", meanwhile);
        snapshot = db::open_database("sqlite:" + (name / "rows").string(), name, house_.clock);
        return *snapshot;
    }

private:
    static constexpr size_t kept = 2;

    House &house_;
    DataDir folder_; // of one migration at a time
    size_t count_ = 0;
    std::array<std::unique_ptr<db::Database>, kept> last_;
};

std::optional<DataDir> hold(const fs::path &data_dir) try {
    return std::optional<DataDir>{data_dir};
} catch (const Error &e) {
    if (e.code() != Errc::busy) throw;
    return std::nullopt;
}

Settings moved(const Settings &settings, const Request &request) {
    Settings there = settings;
    there.database = request.to;
    if (!request.to_storage.empty()) there.storage = request.to_storage;
    return there;
}

/// Copies a house whose rows are in files of this machine, whether or not its daemon runs. Bytes go
/// before the rows that name them, so no row is there without. What came while they went is copied
/// in further looks, the last of which is a moment in which no row changes; what that finds is
/// opened then, and what is open can be copied even once its name is gone.
class Migration {
public:
    Migration(const Settings &settings, const Request &request) :
        settings_{settings},
        there_{moved(settings, request)},
        request_{request},
        from_{settings},
        held_{hold(settings.data_dir)},
        name_{instance_of(settings.data_dir)},
        to_{there_},
        moves_bytes_{!request.to_storage.empty() && !is_same_place(*from_.blobs, *to_.blobs)},
        mover_{from_, to_, request.json},
        snapshots_{from_, settings.data_dir / "migration"} {}

    int run() {
        take_place();
        // Who had taken jobs and letters is dead: they wait, as they would at its next start.
        if (held_) {
            from_.rows->jobs().reclaim(name_);
            from_.rows->outbox().reclaim(name_);
        }
        auto &rows = moves_bytes_ ? move_bytes() : snapshots_.take();
        const auto tables = to_.rows->table_writer().become_copy_of(name_, rows.table_reader());
        for (const auto &table : tables) print(table);
        if (moves_bytes_) print(mover_.figures());
        const bool is_right = is_checked() && mover_.figures().damaged == 0;
        if (request_.json) {
            print_line(true, {{"is_last", held_.has_value()}, {"is_right", is_right}});
        } else {
            print_next();
        }
        return is_right ? 0 : 1;
    }

private:
    /// Two installations that share a storage would take each other's bytes for orphans.
    void take_place() {
        auto &writer = to_.rows->table_writer();
        if (writer.is_copy_of(name_)) return;
        if (moves_bytes_) {
            const auto others = find_orphans(from_.rows->files(), *to_.blobs, Sweeper::orphan_age);
            if (!others.empty()) {
                throw Error{Errc::usage, "the storage to copy to has bytes of another "
                                         "installation, such as " +
                                             others.front() + "; name a place that is empty"};
            }
        }
        writer.reserve_for(name_);
    }

    /// @return the rows whose bytes are there.
    db::Database &move_bytes() {
        auto *seen = &snapshots_.take();
        each_blob(seen->overview(), [&](const auto &named) { mover_.move(named); });
        for (int looks = 1;; ++looks) {
            auto &now = snapshots_.take();
            const size_t came = move_new(*seen, now);
            seen = &now;
            if (came < few) break;
            if (looks == most_looks) {
                throw Error{Errc::busy, "more comes than can be copied meanwhile; stop mp3convd, "
                                        "and run this again"};
            }
        }
        return move_rest(*seen);
    }

    size_t move_new(db::Database &before, db::Database &now) {
        size_t count = 0;
        Seen seen{before.overview()};
        each_blob(now.overview(), [&](const auto &named) {
            if (!seen.contains(named) && mover_.move(named)) ++count;
        });
        return count;
    }

    db::Database &move_rest(db::Database &before) {
        std::vector<std::pair<queue::NamedBlob, std::unique_ptr<storage::Blob>>> opened;
        Seen seen{before.overview()};
        auto &rows = snapshots_.take([&] {
            each_blob(from_.rows->overview(), [&](const auto &named) {
                if (seen.contains(named)) return;
                if (auto bytes = mover_.open(named)) opened.emplace_back(named, std::move(bytes));
            });
        });
        for (const auto &[named, bytes] : opened) mover_.move(named, *bytes);
        mover_.keep_bookmarks(rows);
        return rows;
    }

    /// A daemon that runs lets go of bytes that the copy still names, where both share them.
    bool is_checked() {
        if (!moves_bytes_ && !held_) return true;
        return print_faults(to_, request_.deep, request_.json);
    }

    void print(const db::CopiedTable &table) const {
        if (request_.json) {
            return print_line(true, {{"table", table.name},
                                     {"rows", table.rows},
                                     {"added", table.added},
                                     {"changed", table.changed},
                                     {"removed", table.removed}});
        }
        std::cout << table.name << ": " << table.rows << " rows, " << table.added << " added, "
                  << table.changed << " changed, " << table.removed << " removed\n";
    }

    void print(const BlobMover::Figures &bytes) const {
        if (request_.json) {
            return print_line(true, {{"copied", bytes.copied},
                                     {"copied_bytes", bytes.copied_bytes},
                                     {"there", bytes.there},
                                     {"there_bytes", bytes.there_bytes}});
        }
        std::cout << "sources and MP3s: " << bytes.copied << " copied (" << bytes.copied_bytes
                  << " bytes), " << bytes.there << " there already (" << bytes.there_bytes
                  << " bytes)\n";
    }

    void print_next() const {
        const std::string database = db::shown_database(there_.database);
        std::cout
            << (held_ ? "\nNo mp3convd ran on this data folder meanwhile, so this copy is "
                        "complete.\nStart mp3convd with\n\n"
                      : "\nmp3convd runs on this data folder: what comes from now on needs "
                        "another run.\nTo switch, stop it, run this once more, and start it "
                        "with\n\n")
            << "    database = \"" << database << '"'
            << (database == there_.database ? "" : "  # and what else --to said")
            << "\n    storage = \"" << there_.storage
            << "\"\n\nand everything else as it is. Where that is another machine, take along "
               "what no database\nhas: "
            << settings_.jwt_secret_file.string()
            << ", without which all logins end,\nthe settings, and the files that they name "
               "for mail and TLS.\n";
    }

    const Settings &settings_;
    Settings there_;
    const Request &request_;
    House from_;
    std::optional<DataDir> held_; ///< where no daemon runs on it; then none can start
    std::string name_;
    House to_;
    bool moves_bytes_;
    BlobMover mover_;
    Snapshots snapshots_;
};

int bring_up_to_date(const Settings &settings) {
    std::error_code error;
    fs::create_directories(settings.data_dir, error);
    const system::SystemClock clock;
    db::open_database(settings.database, settings.data_dir, clock);
    std::cout << "the database is up to date\n";
    return 0;
}

} // namespace

int migrate(const Settings &settings, const Request &request) {
    if (request.to.empty()) return bring_up_to_date(settings);
    return Migration{settings, request}.run();
}

} // namespace mp3conv::admin
