#include "daemon/auth/subjects.hpp"

namespace mp3conv::auth {
namespace {

using namespace std::chrono_literals;

// A person mistypes a password a few times; a hundred guesses a day find no good one
// (NIST SP 800-63B, 5.2.2). Behind one address there can be a house full of people.
constexpr Allowance of_account{5, 15min};
constexpr Allowance of_network{30, 1min};

} // namespace

Subject subject_of_network(const std::string &network) {
    return {"", network, of_network};
}

std::vector<Subject> subjects_of(AttemptStore &attempts, const std::string &email,
                                 const std::string &network) {
    const bool is_known = attempts.is_known(email, network);
    return {{email, is_known ? network : "", of_account}, subject_of_network(network)};
}

} // namespace mp3conv::auth
