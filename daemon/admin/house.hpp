#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "daemon/db/open.hpp"
#include "daemon/settings.hpp"
#include "daemon/storage/blob_store.hpp"
#include "daemon/system/clock.hpp"

namespace mp3conv::admin {

/// A daemon's rows and bytes, for a command that works whether or not it runs.
struct House {
    /// @throws Error{local_file} where there is none on that data folder, and as those that open.
    explicit House(const Settings &settings);

    system::SystemClock clock;
    std::unique_ptr<db::Database> rows;
    std::unique_ptr<storage::BlobStore> blobs;
};

/// Calls `use` with each blob that a row names, in the order of their rows.
template <typename Use>
void each_blob(queue::Overview &overview, Use &&use) {
    auto page = overview.blobs_after(0);
    for (; !page.empty(); page = overview.blobs_after(page.back().seq)) {
        for (const auto &named : page) use(named);
    }
}

/// Prints one line: the object, or its values between tabs; what could break a line is left out.
void print_line(bool as_json, const nlohmann::ordered_json &object);

} // namespace mp3conv::admin
