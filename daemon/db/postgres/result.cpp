#include "daemon/db/postgres/result.hpp"

#include <charconv>
#include <string_view>

namespace mp3conv::db::postgres {
namespace {

template <typename T>
T parsed(std::string_view text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

std::string Row::text(int column) const {
    return {PQgetvalue(result_, index_, column),
            static_cast<size_t>(PQgetlength(result_, index_, column))};
}

std::string Row::bytes(int column) const {
    size_t size = 0;
    const auto *escaped =
        reinterpret_cast<const unsigned char *>(PQgetvalue(result_, index_, column));
    const std::unique_ptr<unsigned char, decltype(&PQfreemem)> bytes{
        PQunescapeBytea(escaped, &size), PQfreemem};
    return {reinterpret_cast<const char *>(bytes.get()), size};
}

int64_t Row::integer(int column) const {
    return parsed<int64_t>(PQgetvalue(result_, index_, column));
}

double Row::number(int column) const {
    return parsed<double>(PQgetvalue(result_, index_, column));
}

bool Row::flag(int column) const {
    return *PQgetvalue(result_, index_, column) == 't';
}

std::optional<std::string> Row::maybe_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<double> Row::maybe_number(int column) const {
    if (is_null(column)) return std::nullopt;
    return number(column);
}

std::optional<Time> Row::maybe_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
}

int64_t Result::changed() const {
    return parsed<int64_t>(PQcmdTuples(result_.get()));
}

} // namespace mp3conv::db::postgres
