#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/fd.hpp"

namespace mp3conv::sandbox {

/// Longest message that is sent or taken.
constexpr size_t longest_message = 16 << 10;

/// The two ends of a line between processes that keeps messages apart. Neither end outlives an
/// exec.
struct Channel {
    Fd ours;
    Fd theirs;
};

/// @throws Error{internal}.
Channel open_channel();

/// Sends a message, and descriptors with it.
/// @return false where nobody is left at the other end.
bool send(int end, std::string_view message, std::initializer_list<int> descriptors = {});

struct Message {
    std::string text;
    std::vector<Fd> descriptors;
};

/// Waits for a message. Descriptors are taken only where some are expected: the kernel closes
/// others.
/// @return nullopt where nobody is left at the other end.
std::optional<Message> receive(int end, size_t most_descriptors = 0);

} // namespace mp3conv::sandbox
