// SPDX-License-Identifier: Apache-2.0
// Which date an action file takes for the age of a thing, and which span of time it asks for.
#pragma once

#include "jobs/rotate/filter_schema.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/timestring.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace caretaker {

/// Both ends belong to it.
struct TimeSpan {
    std::int64_t from = 0;  // seconds since 1970
    std::int64_t to = 0;
};

/// The date of one thing.
struct ListAge {
    std::optional<std::int64_t> seconds{};  // since 1970
    std::optional<TimeSpan> range{};        // of field_stats: both ends
    std::string origin{};                   // "2026.10.22 in its name"; why there is none
    bool is_odd = false;  // it looked like a date and was none, or a field had no values
};

/// Reads ages by a filter's source, timestring, field and stats_result. Throws UsageError for a
/// timestring that is none.
class AgeReader {
 public:
    explicit AgeReader(const CheckedOptions& options);

    [[nodiscard]] ListAge read(const IndexFacts& index) const;

    /// Of a thing of which only name and date of creation are known, such as a snapshot.
    [[nodiscard]] ListAge read(std::string_view name, std::optional<std::int64_t> created_ms) const;

    /// Whether closed indices have an age.
    [[nodiscard]] bool knows_closed() const { return source_ != Source::field_stats; }

    [[nodiscard]] bool is_by_name() const { return source_ == Source::name; }

 private:
    enum class Source { name, creation_date, field_stats };

    Source source_ = Source::creation_date;
    std::optional<Timestring> timestring_{};
    std::string field_{};
    bool takes_max_ = false;
};

/// Seconds of `count` units as the filter age reckons them: a month has 30 days, a year 365.
std::int64_t age_unit_seconds(std::string_view unit);

/// The span of a filter `period`, by the calendar.
TimeSpan period_span(const CheckedOptions& options, UnixSeconds now);

/// `epoch` of the options where it is given and not 0, else `now`.
UnixSeconds reference_time(const CheckedOptions& options, UnixSeconds now);

/// "34 d old", "5 h old", "2 d ahead"; whole units, cut.
std::string format_age(std::int64_t seconds);

}  // namespace caretaker
