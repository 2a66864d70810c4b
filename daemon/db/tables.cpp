#include "daemon/db/tables.hpp"

#include <algorithm>

#include "common/error.hpp"

namespace mp3conv::db {
namespace {

using Names = std::set<std::string>;

/// @return a name that only one of them has; empty where there is none.
std::string difference(const Names &source, const Names &target) {
    std::vector<std::string> only_one;
    std::set_symmetric_difference(source.begin(), source.end(), target.begin(), target.end(),
                                  std::back_inserter(only_one));
    return only_one.empty() ? std::string{} : only_one.front();
}

void require_same_tables(const std::vector<Table> &source, const std::vector<Table> &target) {
    Names ours;
    Names theirs;
    for (const auto &table : source) ours.insert(table.name);
    for (const auto &table : target) theirs.insert(table.name);
    const auto name = difference(ours, theirs);
    if (name.empty()) return;
    throw Error{Errc::usage, "only one of the two databases has a table " + name +
                                 "; give mp3convd a database, or a schema, of its own"};
}

void require_same_columns(const Table &source, const Table &target) {
    for (const auto &name :
         {difference(source.columns, target.columns), difference(source.key, target.key)}) {
        if (name.empty()) continue;
        throw Error{Errc::internal, "the two databases differ in " + source.name + '.' + name +
                                        ", which is a fault of mp3convd; nothing was copied"};
    }
}

} // namespace

void require_same(const std::vector<Table> &source, const std::vector<Table> &target) {
    require_same_tables(source, target);
    for (const auto &table : source) {
        const auto same = std::find_if(target.begin(), target.end(), [&table](const auto &other) {
            return other.name == table.name;
        });
        require_same_columns(table, *same);
    }
}

} // namespace mp3conv::db
