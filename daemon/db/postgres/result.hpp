#pragma once

#include <cstdint>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <string>

#include "common/units.hpp"

namespace mp3conv::db::postgres {

/// One row of a Result, which has to outlive it. Columns count from 0. NULL reads as an empty text,
/// 0 or false, where it is not asked for.
class Row {
public:
    Row(const PGresult *result, int index) : result_{result}, index_{index} {}

    bool is_null(int column) const { return PQgetisnull(result_, index_, column) != 0; }
    std::string text(int column) const;
    /// Of a bytea.
    std::string bytes(int column) const;
    int64_t integer(int column) const;
    double number(int column) const;
    bool flag(int column) const;
    /// Of milliseconds since 1970.
    Time time(int column) const { return Time{std::chrono::milliseconds{integer(column)}}; }

    std::optional<std::string> maybe_text(int column) const;
    std::optional<double> maybe_number(int column) const;
    std::optional<Time> maybe_time(int column) const;

private:
    const PGresult *result_;
    int index_;
};

/// What a statement brought.
class Result {
public:
    explicit Result(PGresult *result) : result_{result} {}

    int size() const { return PQntuples(result_.get()); }
    bool empty() const { return size() == 0; }
    Row row(int index) const { return {result_.get(), index}; }
    Row front() const { return row(0); }

    /// @return how many rows an INSERT, UPDATE or DELETE touched.
    int64_t changed() const;

    /// Iterates over the rows.
    class Iterator {
    public:
        Iterator(const Result &result, int index) : result_{&result}, index_{index} {}
        Row operator*() const { return result_->row(index_); }
        Iterator &operator++() {
            ++index_;
            return *this;
        }
        bool operator!=(const Iterator &other) const { return index_ != other.index_; }

    private:
        const Result *result_;
        int index_;
    };
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    struct Clear {
        void operator()(PGresult *result) const { PQclear(result); }
    };
    std::unique_ptr<PGresult, Clear> result_;
};

} // namespace mp3conv::db::postgres
