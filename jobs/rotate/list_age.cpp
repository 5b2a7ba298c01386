// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/list_age.hpp"

#include "common/base/error.hpp"
#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year_month_day;
using std::chrono::years;

std::string format_day(std::int64_t seconds) {
    const UnixSeconds time{std::chrono::seconds(seconds)};
    return format_timestring("%Y-%m-%d", time);
}

/// The first second of the unit that `time` lies in.
UnixSeconds floor_to(std::string_view unit, UnixSeconds time, bool week_from_sunday) {
    if (unit == "hours") {
        return std::chrono::floor<std::chrono::hours>(time);
    }
    const sys_days date = std::chrono::floor<days>(time);
    if (unit == "weeks") {
        const sys_days monday = date - (weekday(date) - std::chrono::Monday);
        // On a Sunday this is the week that ended the day before, as in Curator.
        return week_from_sunday ? monday - days(1) : monday;
    }
    const year_month_day calendar(date);
    if (unit == "months") {
        return sys_days(calendar.year() / calendar.month() / day(1));
    }
    if (unit == "years") {
        return sys_days(calendar.year() / month(1) / day(1));
    }
    return date;
}

/// `count` units after `begin`, which is the first second of a unit.
UnixSeconds add_units(UnixSeconds begin, std::string_view unit, std::int64_t count) {
    if (unit == "months" || unit == "years") {
        const year_month_day date(std::chrono::floor<days>(begin));
        const int number = static_cast<int>(count);
        const year_month_day moved =
            unit == "months" ? date + months(number) : date + years(number);
        return sys_days(moved);
    }
    return begin + std::chrono::seconds(age_unit_seconds(unit) * count);
}

std::int64_t to_seconds(UnixSeconds time) {
    return time.time_since_epoch().count();
}

TimeSpan absolute_span(const CheckedOptions& options) {
    const auto from = parse_whole_date(options.text("date_from"), options.text("date_from_format"));
    const auto to = parse_whole_date(options.text("date_to"), options.text("date_to_format"));
    if (!from || !to) {
        throw UsageError("a filter period has dates that are none");
    }
    const std::string unit = options.text("unit");
    UnixSeconds end = *to + std::chrono::seconds(age_unit_seconds(unit));
    if (unit == "months" || unit == "years") {
        end = add_units(floor_to(unit, *to, false), unit, 1);
    }
    return {.from = to_seconds(*from), .to = to_seconds(end) - 1};
}

}  // namespace

std::int64_t age_unit_seconds(std::string_view unit) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 7> table{{
        {"seconds", 1},
        {"minutes", 60},
        {"hours", 3'600},
        {"days", 86'400},
        {"weeks", 604'800},
        {"months", 2'592'000},
        {"years", 31'536'000},
    }};
    for (const auto& [name, seconds] : table) {
        if (name == unit) {
            return seconds;
        }
    }
    return 0;
}

AgeReader::AgeReader(const CheckedOptions& options)
    : field_(options.text("field")), takes_max_(options.text("stats_result") == "max_value") {
    const std::string source = options.text("source");
    if (source == "name") {
        source_ = Source::name;
        TimestringResult result = Timestring::compile(options.text("timestring"));
        if (!result.timestring) {
            throw UsageError(result.error);
        }
        timestring_ = std::move(result.timestring);
    } else if (source == "field_stats") {
        source_ = Source::field_stats;
    }
}

ListAge AgeReader::read(std::string_view name, std::optional<std::int64_t> created_ms) const {
    if (source_ == Source::name) {
        const auto found = timestring_->find(name);
        if (!found) {
            return {.origin = "no date in its name"};
        }
        if (!found->time) {
            return {.origin = fmt::format("'{}' in its name is no date", found->text),
                    .is_odd = true};
        }
        return {.seconds = to_seconds(*found->time),
                .origin = fmt::format("{} in its name", found->text)};
    }
    if (!created_ms) {
        return {.origin = "its date of creation is not known"};
    }
    const std::int64_t seconds = normalise_epoch(*created_ms);
    return {.seconds = seconds, .origin = fmt::format("made on {}", format_day(seconds))};
}

ListAge AgeReader::read(const IndexFacts& index) const {
    if (source_ != Source::field_stats) {
        return read(index.name, index.created_ms);
    }
    if (!index.is_open) {
        return {.origin = "closed, so its fields cannot be read"};
    }
    if (index.docs.value_or(0) == 0) {
        return {.origin = "empty, so its fields have no values"};
    }
    const FieldRange* range = index.find_range(field_);
    if (range != nullptr && range->is_partial) {
        return {.origin = fmt::format("not all of its shards answered for the field {}", field_),
                .is_odd = true};
    }
    if (range == nullptr || !range->min_ms || !range->max_ms) {
        return {.origin = fmt::format("the field {} has no values in it", field_), .is_odd = true};
    }
    const std::int64_t min = normalise_epoch(*range->min_ms);
    const std::int64_t max = normalise_epoch(*range->max_ms);
    const std::int64_t seconds = takes_max_ ? max : min;
    return {.seconds = seconds,
            .range = TimeSpan{.from = min, .to = max},
            .origin = fmt::format(
                "{} {} is {}", takes_max_ ? "newest" : "oldest", field_, format_day(seconds))};
}

UnixSeconds reference_time(const CheckedOptions& options, UnixSeconds now) {
    const std::int64_t epoch = options.integer("epoch");
    return epoch == 0 ? now : UnixSeconds(std::chrono::seconds(normalise_epoch(epoch)));
}

TimeSpan period_span(const CheckedOptions& options, UnixSeconds now) {
    if (options.text("period_type") == "absolute") {
        return absolute_span(options);
    }
    const std::string unit = options.text("unit");
    const bool from_sunday = ascii_lower(options.text("week_starts_on")) == "sunday";
    const UnixSeconds begin = floor_to(unit, reference_time(options, now), from_sunday);
    const UnixSeconds from = add_units(begin, unit, options.integer("range_from"));
    const UnixSeconds end = add_units(begin, unit, options.integer("range_to") + 1);
    return {.from = to_seconds(from), .to = to_seconds(end) - 1};
}

std::string format_age(std::int64_t seconds) {
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 3'600;
    constexpr std::int64_t day_seconds = 86'400;
    const std::int64_t size = std::abs(seconds);
    std::string text = fmt::format("{} s", size);
    if (size >= 2 * day_seconds) {
        text = fmt::format("{} d", size / day_seconds);
    } else if (size >= 2 * hour) {
        text = fmt::format("{} h", size / hour);
    } else if (size >= 2 * minute) {
        text = fmt::format("{} min", size / minute);
    }
    return seconds < 0 ? text + " ahead" : text + " old";
}

}  // namespace caretaker
