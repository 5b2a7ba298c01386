// SPDX-License-Identifier: Apache-2.0
// The filters by time: age and period.
#include "jobs/rotate/filter_decisions.hpp"
#include "jobs/rotate/pattern_expression.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <system_error>

namespace caretaker {

namespace {

std::optional<std::int64_t> count_in_name(const std::optional<Regex>& pattern,
                                          std::string_view name) {
    constexpr std::int64_t most = 1'000'000'000;
    if (!pattern) {
        return std::nullopt;
    }
    const auto groups = pattern->find(name);
    if (groups.size() < 2 || !groups[1]) {
        return std::nullopt;
    }
    std::int64_t count = 0;
    const char* const end = groups[1]->data() + groups[1]->size();
    const auto parsed = std::from_chars(groups[1]->data(), end, count);
    const bool good = parsed.ec == std::errc{} && parsed.ptr == end && count != 0 &&
                      count <= most && count >= -most;
    return good ? std::optional(count) : std::nullopt;
}

}  // namespace

void filter_by_age(FilterDecisions& decisions, const IndexNumbers& list) {
    const AgeReader reader(decisions.options());
    const UnixSeconds reference = reference_time(decisions.options(), decisions.now());
    const std::int64_t now = reference.time_since_epoch().count();
    const std::int64_t unit = age_unit_seconds(decisions.options().text("unit"));
    const std::int64_t usual = decisions.options().integer("unit_count");
    const bool older = decisions.options().text("direction") == "older";
    std::optional<Regex> pattern;
    if (decisions.options().is_given("unit_count_pattern")) {
        RegexResult compiled =
            Regex::compile(from_python_regex(decisions.options().text("unit_count_pattern")));
        if (compiled.regex) {
            pattern = std::move(compiled.regex);
        } else {
            decisions.warn(
                fmt::format("unit_count_pattern is no regular expression ({}), so unit_count "
                            "holds for all",
                            compiled.error));
        }
    }
    std::size_t without_count = 0;
    for (const std::uint32_t index : list) {
        const auto age = decisions.age_or_drop(reader, index);
        if (!age) {
            continue;
        }
        std::int64_t count = usual;
        if (decisions.options().is_given("unit_count_pattern")) {
            count = count_in_name(pattern, decisions.facts(index).name).value_or(usual);
            if (count == -1) {
                ++without_count;
                decisions.drop(index, [] { return std::string("no count in its name"); });
                continue;
            }
        }
        const std::int64_t limit = now - count * unit;
        const bool matches = older ? *age->seconds < limit : *age->seconds > limit;
        decisions.decide(index, matches, [&] {
            return fmt::format("{} ({}), {}{} than {} {}",
                               format_age(now - *age->seconds),
                               age->origin,
                               matches ? "" : "not ",
                               decisions.options().text("direction"),
                               count,
                               decisions.options().text("unit"));
        });
    }
    if (without_count > 0 && decisions.filter().exclude) {
        decisions.warn(
            fmt::format("{} indices without a count in their names are left alone; Curator "
                        "acts on them",
                        without_count));
    }
}

void filter_by_period(FilterDecisions& decisions, const IndexNumbers& list) {
    const AgeReader reader(decisions.options());
    const TimeSpan span = period_span(decisions.options(), decisions.now());
    const bool intersect = decisions.options().flag("intersect");
    for (const std::uint32_t index : list) {
        const auto age = decisions.age_or_drop(reader, index);
        if (!age) {
            continue;
        }
        const bool matches = intersect && age->range
                                 ? age->range->from >= span.from && age->range->to <= span.to
                                 : *age->seconds >= span.from && *age->seconds <= span.to;
        decisions.decide(index, matches, [&] {
            const UnixSeconds from{std::chrono::seconds(span.from)};
            const UnixSeconds to{std::chrono::seconds(span.to)};
            return fmt::format("{}, {} {} to {}",
                               age->origin,
                               matches ? "within" : "not within",
                               format_timestring("%Y-%m-%dT%H:%M:%SZ", from),
                               format_timestring("%Y-%m-%dT%H:%M:%SZ", to));
        });
    }
}

}  // namespace caretaker
