#include "daemon/sandbox/running_count.hpp"

#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#include "common/error.hpp"

namespace mp3conv::sandbox {
namespace {

static_assert(std::atomic<int>::is_always_lock_free, "a lock would not be in the page");

[[noreturn]] void refuse() {
    throw Error{Errc::internal, "no memory to share with conversions", errno_text()};
}

Fd make_page() {
    Fd page{::memfd_create("mp3convd running", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    if (!page || ::ftruncate(page.get(), sizeof(std::atomic<int>)) != 0) refuse();
    return page;
}

void *map(int page, int access) {
    void *memory = ::mmap(nullptr, sizeof(std::atomic<int>), access, MAP_SHARED, page, 0);
    if (memory == MAP_FAILED) refuse();
    return memory;
}

} // namespace

RunningCount::RunningCount() :
    page_{make_page()},
    count_{new (map(page_.get(), PROT_READ | PROT_WRITE)) std::atomic<int>{0}} {
    // No mapping but this one will ever be writable, nor can one be made so.
    const int sealed =
        ::fcntl(page_.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
    if (sealed != 0) refuse();
}

RunningCount::~RunningCount() {
    ::munmap(count_, sizeof *count_);
}

const std::atomic<int> &map_count(int page) {
    return *static_cast<const std::atomic<int> *>(map(page, PROT_READ));
}

} // namespace mp3conv::sandbox
