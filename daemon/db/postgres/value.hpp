#pragma once

#include <libpq-fe.h>
#include <optional>
#include <string>
#include <string_view>

#include "common/units.hpp"
#include "daemon/system/ids.hpp"

namespace mp3conv::db::postgres {

/// A value on its way into a statement: as text, and of the type that C++ gives it.
struct Value {
    Oid type;
    std::optional<std::string> text; ///< absent: NULL
};

/// Bytes that PostgreSQL takes for no text (NUL, and what is not UTF-8) are made visible.
Value to_value(std::string_view text);
inline Value to_value(const std::string &text) {
    return to_value(std::string_view{text});
}
inline Value to_value(const char *text) {
    return to_value(std::string_view{text});
}
/// What need not be text.
struct Bytes {
    std::string_view bytes;
};
Value to_value(Bytes bytes);
Value to_value(int64_t number);
inline Value to_value(int number) {
    return to_value(static_cast<int64_t>(number));
}
inline Value to_value(uint64_t number) {
    return to_value(static_cast<int64_t>(number));
}
inline Value to_value(system::UserId user) {
    return to_value(static_cast<int64_t>(user));
}
Value to_value(bool flag);
Value to_value(double number);
/// As milliseconds since 1970.
inline Value to_value(Time time) {
    return to_value(static_cast<int64_t>(time.time_since_epoch().count()));
}
template <typename T>
Value to_value(const std::optional<T> &value) {
    return value ? to_value(*value) : Value{to_value(T{}).type, std::nullopt};
}

} // namespace mp3conv::db::postgres
