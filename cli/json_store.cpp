#include "cli/json_store.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>

#include "common/atomic_file.hpp"
#include "common/error.hpp"
#include "common/fd.hpp"

namespace mp3conv::cli {

nlohmann::json JsonStore::read() const {
    if (!std::filesystem::exists(file_)) return nlohmann::json::object();
    auto object = nlohmann::json::parse(read_small_file(file_), nullptr, false);
    if (object.is_object()) return object;
    throw Error{Errc::local_file, file_.string() + ": damaged; remove it and try again"};
}

void JsonStore::change(const std::function<void(nlohmann::json &)> &edit) const {
    std::error_code error;
    std::filesystem::create_directories(file_.parent_path(), error);
    const Fd folder = open_file(file_.parent_path(), O_RDONLY | O_DIRECTORY);
    ::flock(folder.get(), LOCK_EX);
    auto object = read();
    edit(object);
    AtomicFile file{file_, 0600};
    file.write(object.dump(2) + "\n");
    file.commit();
}

} // namespace mp3conv::cli
