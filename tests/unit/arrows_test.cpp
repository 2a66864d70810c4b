#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;
using Rooms = std::set<std::string>;

// Who may know whom, beside itself and `common`. A file straight in daemon/ is a room by its own.
const std::map<std::string, Rooms> allowed{
    {"cli", {}},
    {"common", {}},
    {"daemon/system", {}},
    {"daemon/auth", {"daemon/system"}},
    {"daemon/queue", {"daemon/system"}},
    {"daemon/storage", {"daemon/system"}},
    {"daemon/storage/s3", {"daemon/system", "daemon/storage"}},
    {"daemon/convert", {"daemon/system"}},
    {"daemon/sandbox", {"daemon/system", "daemon/convert"}},
    {"daemon/notify", {"daemon/system"}},
    {"daemon/db", {"daemon/system", "daemon/auth", "daemon/queue", "daemon/notify"}},
    {"daemon/db/postgres",
     {"daemon/system", "daemon/auth", "daemon/queue", "daemon/notify", "daemon/db"}},
    {"daemon/db/sqlite",
     {"daemon/system", "daemon/auth", "daemon/queue", "daemon/notify", "daemon/db"}},
    {"daemon/api",
     {"daemon/system", "daemon/auth", "daemon/queue", "daemon/storage", "daemon/notify",
      "daemon/api/server", "daemon/web"}},
    {"daemon/api/server", {"daemon/system"}},
    {"daemon/web", {}},
    {"daemon/worker",
     {"daemon/system", "daemon/queue", "daemon/storage", "daemon/convert", "daemon/sandbox"}},
    {"daemon/sweeper",
     {"daemon/system", "daemon/queue", "daemon/storage", "daemon/auth", "daemon/notify"}},
    {"daemon/remove_account", {"daemon/system", "daemon/queue", "daemon/storage", "daemon/auth"}},
    {"daemon/settings", {"daemon/system"}},
    {"daemon/data_dir", {"daemon/system"}},
};

/// @return "daemon/api" for "daemon/api/call.hpp", "daemon/worker" for "daemon/worker.cpp",
///         "common" for all below common/.
std::string room_of(const fs::path &file) {
    const std::string folder = file.parent_path();
    if (folder == "daemon") return folder + "/" + file.stem().string();
    return folder.rfind("common", 0) == 0 ? "common" : folder;
}

Rooms rooms_included_by(const fs::path &file) {
    const std::regex include{R"re(#include "((?:cli|common|daemon)/.*)")re"};
    Rooms rooms;
    std::ifstream text{file};
    std::smatch match;
    for (std::string line; std::getline(text, line);) {
        if (std::regex_match(line, match, include)) rooms.insert(room_of(match[1].str()));
    }
    return rooms;
}

} // namespace

TEST_CASE("each room includes only those that it may know") {
    const fs::path root{MP3CONV_SOURCE};
    int looked_at = 0;
    for (const char *top : {"cli", "common", "daemon"}) {
        for (const auto &entry : fs::recursive_directory_iterator{root / top}) {
            const fs::path file = fs::relative(entry.path(), root);
            const auto rule = allowed.find(room_of(file));
            const bool is_source = file.extension() == ".cpp" || file.extension() == ".hpp";
            // app and the commands of mp3convd, which put rooms together, may know all of them.
            if (!is_source || rule == allowed.end()) continue;
            // A backend is named where its URL scheme is, and nowhere else.
            const bool opens = file.filename() == "open.cpp";
            ++looked_at;
            for (const auto &room : rooms_included_by(entry.path())) {
                const bool own = room == rule->first || room == "common";
                CAPTURE(file.string());
                CAPTURE(room);
                CHECK((own || rule->second.contains(room) ||
                       (opens && room.rfind(rule->first + '/', 0) == 0)));
            }
        }
    }
    CHECK(looked_at > 50);
}
