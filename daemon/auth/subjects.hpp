#pragma once

#include <string>
#include <vector>

#include "daemon/auth/attempt_store.hpp"

namespace mp3conv::auth {

/// @return what an attempt is counted of that may be anyone's, such as to register.
Subject subject_of_network(const std::string &network);

/// @return what an attempt to get into an account is counted of: the account, and the network.
///         From where it was got into before it is counted apart, so that nobody elsewhere can keep
///         its owner out.
std::vector<Subject> subjects_of(AttemptStore &attempts, const std::string &email,
                                 const std::string &network);

} // namespace mp3conv::auth
