#include "daemon/db/open.hpp"

#include <algorithm>
#include <array>

#include "common/error.hpp"
#include "daemon/db/postgres/engine.hpp"
#include "daemon/db/sqlite/engine.hpp"

namespace mp3conv::db {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view sqlite_scheme = "sqlite:";

std::unique_ptr<Database> open_sqlite(const std::string &url, const fs::path &data_dir,
                                      const system::Clock &clock, KeepMp3 keep_mp3) {
    const std::string path = url.substr(sqlite_scheme.size());
    return std::make_unique<sqlite::Engine>(path.empty() ? data_dir / "mp3conv.db" : fs::path{path},
                                            clock, keep_mp3);
}

std::unique_ptr<Database> open_postgres(const std::string &url, const fs::path &,
                                        const system::Clock &clock, KeepMp3 keep_mp3) {
    return std::make_unique<postgres::Engine>(url, clock, keep_mp3);
}

std::string as_it_is(const std::string &url) {
    return url;
}

struct Kind {
    std::string_view scheme;
    std::unique_ptr<Database> (*open)(const std::string &url, const fs::path &data_dir,
                                      const system::Clock &clock, KeepMp3 keep_mp3);
    std::string (*show)(const std::string &url);
};

// libpq knows both of PostgreSQL's schemes.
constexpr std::array kinds{Kind{sqlite_scheme, open_sqlite, as_it_is},
                           Kind{"postgresql://", open_postgres, postgres::without_password},
                           Kind{"postgres://", open_postgres, postgres::without_password}};

const Kind &kind_of(const std::string &url) {
    const auto *const kind = std::find_if(kinds.begin(), kinds.end(), [&url](const Kind &known) {
        return url.starts_with(known.scheme);
    });
    if (kind != kinds.end()) return *kind;
    throw Error{Errc::usage, "database: it starts with none of sqlite: and postgresql://"};
}

} // namespace

std::unique_ptr<Database> open_database(const std::string &url, const fs::path &data_dir,
                                        const system::Clock &clock,
                                        std::optional<std::chrono::seconds> keep_mp3) {
    return kind_of(url).open(url, data_dir, clock, keep_mp3);
}

std::string shown_database(const std::string &url) {
    return kind_of(url).show(url);
}

} // namespace mp3conv::db
