#include <fcntl.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"
#include "daemon/admin/commands.hpp"
#include "daemon/admin/house.hpp"
#include "daemon/storage/open.hpp"
#include "daemon/system/log.hpp"

namespace mp3conv::admin {
namespace {

namespace fs = std::filesystem;

/// Copies what a daemon has while it works. Bytes outlive the rows that name them, never the other
/// way round; so most are copied first, in whatever time that takes. Then, for a moment in which no
/// row changes, the rows are, and what came meanwhile is opened: what is open can be copied even
/// once its name is gone.
class Backup {
public:
    Backup(House &house, const fs::path &folder) :
        house_{house},
        folder_{folder},
        target_{storage::open_storage("file:", folder)} {}

    void run() {
        auto &overview = house_.rows->overview();
        each_blob(overview, [&](const queue::NamedBlob &named) {
            const auto bytes = named.is_growing ? nullptr : house_.blobs->open(named.blob);
            if (bytes) copy(named, *bytes);
        });
        house_.rows->copy_to(folder_ / "mp3conv.db", [&] {
            each_blob(overview, [&](const queue::NamedBlob &named) {
                if (!copied_.contains(named.blob)) open(named);
            });
        });
        for (const auto &[named, bytes] : opened_) copy(named, *bytes);
    }

    /// @return whether every row's bytes were there.
    bool is_whole() const { return is_whole_; }

private:
    void copy(const queue::NamedBlob &named, storage::Blob &bytes) {
        target_->adopt(named.blob, bytes, !named.is_growing);
        copied_.insert(named.blob);
    }

    void open(const queue::NamedBlob &named) {
        auto bytes = house_.blobs->open(named.blob);
        if (bytes) {
            opened_.emplace_back(named, std::move(bytes));
        } else if (named.is_growing &&
                   house_.blobs->can_resume(named.blob, {named.bytes, named.bookmark})) {
            if (named.bytes > 0) {
                system::log::warning("an upload under way cannot be copied from this storage, and "
                                     "is to be sent anew after a restore",
                                     {{"file", named.file_id}, {"blob", named.blob}});
            }
        } else {
            is_whole_ = false;
            system::log::error("bytes are missing",
                               {{"file", named.file_id}, {"blob", named.blob}});
        }
    }

    House &house_;
    fs::path folder_;
    std::unique_ptr<storage::BlobStore> target_;
    std::set<std::string> copied_;
    std::vector<std::pair<queue::NamedBlob, std::unique_ptr<storage::Blob>>> opened_;
    bool is_whole_ = true;
};

void copy_small_file(const fs::path &from, const fs::path &to) {
    AtomicFile copy{to, 0600};
    copy.write(read_small_file(from));
    copy.commit();
}

void make_folder(const fs::path &folder) {
    std::error_code error;
    fs::create_directory(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    if (error) {
        throw Error{Errc::local_file,
                    folder.string() + ": cannot make the folder: " + error.message()};
    }
}

/// Letters that became files, for want of a mail server. One that is still being written has
/// another name; its entry in the outbox, which is copied before, makes it again.
void copy_letters(const fs::path &from, const fs::path &to) {
    if (!fs::is_directory(from)) return;
    make_folder(to);
    for (const auto &letter : fs::directory_iterator{from}) {
        const fs::path &path = letter.path();
        if (path.extension() == ".eml") copy_small_file(path, to / path.filename());
    }
}

void require_new(const fs::path &folder) {
    if (!fs::exists(folder)) return;
    throw Error{Errc::local_file, folder.string() + ": is there already; name a new folder"};
}

void require_copyable(const db::Database &rows) {
    if (rows.is_local()) return;
    throw Error{Errc::usage,
                "backup: rows in PostgreSQL are copied with pg_dump, and then the bytes "
                "with the storage's own tools"};
}

} // namespace

/// The folder gets its name once all of it is on the disk.
int back_up(const Settings &settings, const Request &request) {
    const fs::path folder = fs::absolute(request.folder).lexically_normal();
    const fs::path partial = folder.string() + ".partial";
    require_new(folder);
    require_new(partial);
    House house{settings};
    require_copyable(*house.rows);
    make_folder(partial);
    Backup backup{house, partial};
    backup.run();
    for (const char *name : {"jwt-secret", "instance"}) {
        const fs::path file = settings.data_dir / name;
        if (fs::exists(file)) copy_small_file(file, partial / name);
    }
    copy_letters(settings.data_dir / "outbox", partial / "outbox");
    sync_directory(partial);
    fs::rename(partial, folder);
    sync_directory(folder.parent_path());
    std::cout << folder.string() << '\n';
    return backup.is_whole() ? 0 : 1;
}

} // namespace mp3conv::admin
