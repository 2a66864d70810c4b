#include "daemon/admin/faults.hpp"

#include <nlohmann/json.hpp>

namespace mp3conv::admin {
namespace {

/// @return what is wrong with the bytes; empty where nothing is.
std::string fault_of(storage::BlobStore &blobs, const queue::NamedBlob &named, bool deep) {
    if (named.is_growing) {
        return blobs.can_resume(named.blob, {named.bytes, named.bookmark}) ? "" : "missing";
    }
    const auto bytes = blobs.open(named.blob);
    if (!bytes) return "missing";
    if (bytes->size() != named.bytes) return "size";
    const bool differs = deep && !named.sha256.empty() && sha256_of(*bytes) != named.sha256;
    return differs ? "sha256" : "";
}

} // namespace

void print_fault(bool as_json, const std::string &fault, const std::string &file,
                 const std::string &blob) {
    print_line(as_json, {{"fault", fault}, {"file", file}, {"blob", blob}});
}

/// A running daemon may have let go of bytes since their row was read.
bool print_faults(House &house, bool deep, bool as_json) {
    bool all_right = true;
    each_blob(house.rows->overview(), [&](const queue::NamedBlob &named) {
        const auto fault = fault_of(*house.blobs, named, deep);
        if (fault.empty() || !house.rows->files().names_blob(named.blob)) return;
        all_right = false;
        print_fault(as_json, fault, named.file_id, named.blob);
    });
    return all_right;
}

} // namespace mp3conv::admin
