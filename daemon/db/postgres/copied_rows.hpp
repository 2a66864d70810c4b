#pragma once

#include <string>

#include "daemon/db/postgres/connection.hpp"
#include "daemon/db/tables.hpp"

/// Makes a table the copy of a source's, in the transaction under way. All throw ServerError.
namespace mp3conv::db::postgres {

/// @param question what can stand behind SELECT.
bool is_true(Connection &connection, const std::string &question);

/// @return the name of a table with the source's rows, which is there until the transaction ends.
std::string copy_of(const Table &table);

/// Brings the rows of the source there, one by one. @return how many.
int64_t fetch_rows(Connection &connection, const Table &table, TableReader &source);

// What is between the source's rows and the table's. All return how many rows that were.

int64_t remove_rows(Connection &connection, const Table &table);
int64_t change_rows(Connection &connection, const Table &table);
int64_t add_rows(Connection &connection, const Table &table);

/// @throws Error{internal} where the rows are not the source's.
void require_equal(Connection &connection, const Table &table);

} // namespace mp3conv::db::postgres
