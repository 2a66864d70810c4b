#pragma once

#include <string>

namespace mp3conv::auth {

/// scrypt with N=2^17, r=8, p=1: what OWASP's Password Storage Cheat Sheet asks for. One takes
/// 128 MiB and about a third of a second, so at most two run at a time and sixteen more wait. Any
/// thread may call. This and what follows throw Error{busy} where more want to.
///
/// @return the hash with its salt and parameters: "$scrypt$ln=17,r=8,p=1$SALT$HASH" in hex.
std::string hash_password(const std::string &password);

/// Compares in constant time. @throws Error{internal} for a hash that hash_password did not make.
bool verify_password(const std::string &password, const std::string &hash);

/// Takes as long as verify_password and is always false: for accounts that do not exist.
bool verify_nobody(const std::string &password);

/// @throws Error{invalid_option} for less than 8 bytes or more than 1024.
void check_password(const std::string &password);

} // namespace mp3conv::auth
