#include "daemon/notify/file_mailer.hpp"

#include <cerrno>
#include <sys/stat.h>

#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"

namespace mp3conv::notify {

FileMailer::FileMailer(std::filesystem::path folder) : folder_{std::move(folder)} {
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) {
        throw Error{Errc::local_file,
                    folder_.string() + ": cannot make the folder: " + errno_text()};
    }
}

void FileMailer::send(const Letter &letter, const std::stop_token &) {
    AtomicFile file{folder_ / (letter.id + ".eml")};
    file.write(letter.text);
    file.commit();
}

} // namespace mp3conv::notify
