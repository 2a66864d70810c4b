#pragma once

#include <string>

#include "daemon/admin/house.hpp"

namespace mp3conv::admin {

/// Prints a line: what is wrong with the bytes of a file.
void print_fault(bool as_json, const std::string &fault, const std::string &file,
                 const std::string &blob);

/// Looks whether all bytes that rows name are there, and as many as they say, and prints a line for
/// each that are not.
/// @param deep reads them, and compares their SHA-256.
/// @return whether all are right.
bool print_faults(House &house, bool deep, bool as_json);

} // namespace mp3conv::admin
