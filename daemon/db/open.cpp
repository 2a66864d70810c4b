#include "daemon/db/open.hpp"

#include "common/error.hpp"
#include "daemon/db/sqlite/engine.hpp"

namespace mp3conv::db {

std::unique_ptr<Database> open_database(const std::string &url,
                                        const std::filesystem::path &data_dir,
                                        const system::Clock &clock,
                                        std::optional<std::chrono::seconds> keep_mp3) {
    constexpr std::string_view sqlite = "sqlite:";
    if (url.rfind(sqlite, 0) != 0) {
        throw Error{Errc::usage,
                    "database: '" + url + "' is not known; use sqlite: or sqlite:PATH"};
    }
    const std::filesystem::path path{url.substr(sqlite.size())};
    return std::make_unique<sqlite::Engine>(path.empty() ? data_dir / "mp3conv.db" : path, clock,
                                            keep_mp3);
}

} // namespace mp3conv::db
