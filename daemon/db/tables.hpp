#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace mp3conv::db {

/// A table as each engine has it.
struct Table {
    std::string name;
    std::set<std::string> columns{};
    std::set<std::string> key{}; ///< columns of its primary key
};

/// Bytes that need not be text.
struct Bytes {
    std::string bytes;
};

/// What stands in a column of a row; the first for NULL.
using Cell = std::variant<std::monostate, int64_t, double, std::string, Bytes>;

/// A row's cells, in the order of `Table::columns`.
using Cells = std::vector<Cell>;

/// All rows of an engine, for who copies them, while nobody writes. One thread at a time.
class TableReader {
public:
    virtual ~TableReader() = default;

    virtual std::vector<Table> tables() = 0;

    /// Calls `use` with each row, one after the other.
    virtual void each_row(const Table &table, const std::function<void(const Cells &row)> &use) = 0;

    /// @return the highest number that the table has given a row by itself, also if that row is
    ///         gone; 0 where there was none.
    virtual int64_t last_number(const Table &table) = 0;
};

/// What was done to a table.
struct CopiedTable {
    std::string name;
    int64_t rows = 0; ///< that it has now
    int64_t added = 0;
    int64_t changed = 0;
    int64_t removed = 0;
};

/// All rows of an engine, that are to become the copy of another's. It is a copy of one source
/// until daemons work on it, and belongs to nobody before. All throw Error{usage} where it belongs
/// to somebody else, and Error{busy} where it cannot be had.
class TableWriter {
public:
    virtual ~TableWriter() = default;

    /// @return whether it is reserved for that source; else there are no rows at all.
    virtual bool is_copy_of(const std::string &source) = 0;

    /// Nobody else's rows can be copied here from now on.
    virtual void reserve_for(const std::string &source) = 0;

    /// Makes rows and numbers those of the source, all or nothing, and compares them.
    /// @return what that did, table by table.
    /// @throws Error as require_same; Error{internal} where the rows differ in the end.
    virtual std::vector<CopiedTable> become_copy_of(const std::string &source,
                                                    TableReader &rows) = 0;
};

/// Throws Error{usage} for a table, and Error{internal} for a column or a part of a key, that only
/// one side has.
void require_same(const std::vector<Table> &source, const std::vector<Table> &target);

} // namespace mp3conv::db
