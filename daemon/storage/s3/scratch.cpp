#include "daemon/storage/s3/scratch.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "daemon/storage/local_failure.hpp"

namespace mp3conv::storage::s3 {

Fd scratch_file(const std::filesystem::path &folder) {
    if (Fd nameless{::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)}) return nameless;
    std::string name = folder / ".scratch.XXXXXX"; // not every file system has nameless ones
    Fd named{::mkostemp(name.data(), O_CLOEXEC)};
    if (!named) fail("make a scratch file");
    ::unlink(name.c_str());
    return named;
}

} // namespace mp3conv::storage::s3
