#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/system/guarded.hpp"

namespace mp3conv::system::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// A page in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
class Page {
public:
    /// Begins a family; its samples follow.
    void begin(std::string_view name, std::string_view type, std::string_view help);
    void sample(std::string_view name, const Labels &labels, double value);
    /// A family of one sample, of what is looked up for this page.
    void gauge(std::string_view name, std::string_view help, double value);

    const std::string &text() const { return text_; }

private:
    std::string text_;
};

/// A number that threads add to. Any thread may call; costs an atomic addition.
class Number {
public:
    void add(double amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
    double value() const noexcept { return value_.load(std::memory_order_relaxed); }
    void write(Page &page, const std::string &name, const Labels &labels) const;

private:
    std::atomic<double> value_ = 0;
};

/// Only grows, from 0 at the start of the process.
struct Counter : Number {
    static constexpr std::string_view type = "counter";
};

/// How many there are at present.
struct Gauge : Number {
    static constexpr std::string_view type = "gauge";
};

/// Counts one in a gauge for as long as it lives.
class Presence {
public:
    explicit Presence(Gauge &gauge) : gauge_{gauge} { gauge_.add(); }
    ~Presence() { gauge_.add(-1); }
    Presence(const Presence &) = delete;

private:
    Gauge &gauge_;
};

/// How many took how long. Any thread may call.
class Histogram {
public:
    static constexpr std::string_view type = "histogram";
    /// From a lookup to a large upload over a slow line.
    static constexpr std::array bounds_s{0.001, 0.005, 0.01, 0.05, 0.1,  0.5,  1.0,
                                         5.0,   10.0,  30.0, 60.0, 300., 1800.};

    void observe(std::chrono::duration<double> took) noexcept;
    void write(Page &page, const std::string &name, const Labels &labels) const;

private:
    std::array<std::atomic<uint64_t>, bounds_s.size() + 1> counts_{}; ///< each of its own range
    std::atomic<double> sum_s_ = 0;
};

/// One kind of number, by labels.
template <typename Kind>
class Family {
public:
    Family(const char *name, const char *help, std::vector<std::string> labels = {}) :
        name_{name},
        help_{help},
        labels_{std::move(labels)} {
        if (labels_.empty()) of({});
    }

    /// @param values of the labels, in their order, out of a list that is known: never what a
    ///        client can make up, or who it is.
    /// @return what counts those; lives as long as the family.
    Kind &of(const std::vector<std::string> &values) {
        return members_.with([&](auto &members) -> Kind & { return members[values]; });
    }

    /// The one without labels.
    Kind &only() { return of({}); }

    void write(Page &page) {
        page.begin(name_, Kind::type, help_);
        members_.with([&](const auto &members) {
            for (const auto &[values, member] : members) {
                Labels labels;
                for (size_t i = 0; i < values.size(); ++i) {
                    labels.emplace_back(labels_.at(i), values[i]);
                }
                member.write(page, name_, labels);
            }
        });
    }

private:
    std::string name_;
    std::string help_;
    std::vector<std::string> labels_;
    Guarded<std::map<std::vector<std::string>, Kind>> members_;
};

} // namespace mp3conv::system::metrics
