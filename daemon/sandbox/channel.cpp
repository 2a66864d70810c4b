#include "daemon/sandbox/channel.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

#include "common/error.hpp"

namespace mp3conv::sandbox {
namespace {

constexpr size_t most_at_once = 8; // descriptors

struct Ancillary {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_at_once * sizeof(int))> bytes{};
};

void attach(msghdr &header, Ancillary &ancillary, std::initializer_list<int> descriptors) {
    const size_t size = descriptors.size() * sizeof(int);
    header.msg_control = ancillary.bytes.data();
    header.msg_controllen = CMSG_SPACE(size);
    cmsghdr *part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(part), std::data(descriptors), size);
}

std::vector<Fd> descriptors_in(msghdr &header) {
    std::vector<Fd> descriptors;
    for (cmsghdr *part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
            descriptors.emplace_back(fd);
        }
    }
    return descriptors;
}

} // namespace

Channel open_channel() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw Error{Errc::internal, "no socket for a conversion", errno_text()};
    }
    return {Fd{ends[0]}, Fd{ends[1]}};
}

bool send(int end, std::string_view message, std::initializer_list<int> descriptors) {
    iovec text{const_cast<char *>(message.data()), message.size()};
    msghdr header{};
    header.msg_iov = &text;
    header.msg_iovlen = 1;
    Ancillary ancillary;
    if (descriptors.size() > 0) attach(header, ancillary, descriptors);
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(end, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(message.size());
}

std::optional<Message> receive(int end, size_t most_descriptors) {
    Message message{std::string(longest_message, '\0'), {}};
    iovec text{message.text.data(), message.text.size()};
    msghdr header{};
    header.msg_iov = &text;
    header.msg_iovlen = 1;
    Ancillary ancillary;
    if (most_descriptors > 0) {
        header.msg_control = ancillary.bytes.data();
        header.msg_controllen = CMSG_SPACE(std::min(most_descriptors, most_at_once) * sizeof(int));
    }
    ssize_t got = 0;
    do {
        got = ::recvmsg(end, &header, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return std::nullopt;
    message.text.resize(static_cast<size_t>(got));
    message.descriptors = descriptors_in(header);
    return message;
}

} // namespace mp3conv::sandbox
