#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "daemon/db/postgres/pool.hpp"

namespace mp3conv::db::postgres {

/// Times are those of the machine that writes them, so that rows are the same in every engine.
/// Machines that share the rows may be that far apart: what one of them leases is held for all. A
/// lease that is taken too early all the same costs a conversion, not its result: of two workers
/// the fence lets one hand in.
constexpr std::chrono::minutes clock_skew{1};

/// A PostgreSQL database. Any thread may call.
class Database {
public:
    /// Connects, and brings the schema up to date.
    /// @param url postgresql://...
    /// @throws Error{usage} for what is no such URL, or a schema from a newer version; Error{busy}.
    explicit Database(const std::string &url);

    /// @return what `use` returns when called with a connection, for one statement that reads.
    /// @throws Error{busy} or Error{storage_full} for what the server reports.
    template <typename Use>
    auto read(Use &&use) {
        return translated([&] {
            auto connection = pool_.take();
            return use(*connection);
        });
    }

    /// As `read`, in a transaction that writes: at READ COMMITTED, so what has to stay as it was
    /// read is to be locked. An exception rolls it back; where PostgreSQL finds that it stands in
    /// another's way, `use` is called once more.
    template <typename Use>
    auto write(Use &&use) {
        return translated([&] {
            auto connection = pool_.take();
            Transaction transaction{*connection};
            auto result = use(*connection);
            transaction.commit();
            return result;
        });
    }

private:
    static constexpr int most_attempts = 5;

    template <typename Act>
    auto translated(Act &&act) {
        for (int attempt = 1;; ++attempt) {
            try {
                return act();
            } catch (const ServerError &e) {
                if (!is_conflict(e) || attempt == most_attempts) translate(e);
            }
        }
    }

    /// @return whether it was rolled back for no other reason than what others did meanwhile.
    static bool is_conflict(const ServerError &e);
    [[noreturn]] static void translate(const ServerError &e);

    Pool pool_;
};

} // namespace mp3conv::db::postgres
