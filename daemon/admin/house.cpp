#include "daemon/admin/house.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "common/error.hpp"
#include "common/text.hpp"
#include "daemon/storage/open.hpp"

namespace mp3conv::admin {
namespace {

const std::filesystem::path &existing(const std::filesystem::path &data_dir) {
    if (std::filesystem::is_directory(data_dir)) return data_dir;
    throw Error{Errc::local_file, data_dir.string() + ": there is no such data folder; name the "
                                                      "daemon's with --data-dir"};
}

} // namespace

House::House(const Settings &settings) :
    rows{db::open_database(settings.database, existing(settings.data_dir), clock)},
    blobs{storage::open_storage(settings.storage, settings.data_dir)} {}

void print_line(bool as_json, const nlohmann::ordered_json &object) {
    if (as_json) {
        std::cout << object.dump() << '\n';
        return;
    }
    const char *before = "";
    for (const auto &[name, value] : object.items()) {
        std::cout << before
                  << printable(value.is_string() ? value.get<std::string>() : value.dump());
        before = "\t";
    }
    std::cout << '\n';
}

} // namespace mp3conv::admin
