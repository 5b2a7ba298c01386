// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_time.hpp"

#include <algorithm>

namespace caretaker {

namespace {

/// The time at which the log reached `offset`, between two ends beside it.
std::int64_t interpolate(std::int64_t offset, const LogEnd& before, const LogEnd& after) {
    if (after.offset == before.offset) {
        return after.at_ms;
    }
    const double part = static_cast<double>(after.offset - offset) /
                        static_cast<double>(after.offset - before.offset);
    return after.at_ms -
           static_cast<std::int64_t>(part * static_cast<double>(after.at_ms - before.at_ms));
}

}  // namespace

std::optional<TimeLag> find_time_lag(std::int64_t next,
                                     std::span<const LogEnd> ends,
                                     std::int64_t now_ms) {
    if (!ends.empty() && next >= ends.back().offset) {
        return TimeLag{};
    }
    if (ends.size() < 2) {
        return std::nullopt;
    }
    // The first end beyond `next` and the one before it: the newest pair around it, and of several
    // times at exactly `next` the latest.
    const auto after = std::ranges::upper_bound(ends, next, {}, &LogEnd::offset);
    if (after == ends.begin()) {
        return TimeLag{.ms = now_ms - ends.front().at_ms, .at_least = true};
    }
    return TimeLag{.ms =
                       std::max<std::int64_t>(0, now_ms - interpolate(next, *(after - 1), *after))};
}

std::optional<std::int64_t> estimate_drain_ms(std::int64_t backlog,
                                              std::int64_t lag,
                                              std::span<const CommitPoint> points,
                                              std::int64_t now_ms) {
    const auto first = std::ranges::find_if(
        points, [](const CommitPoint& point) { return point.lag.has_value(); });
    if (first == points.end() || *first->lag <= lag || now_ms <= first->at_ms) {
        return std::nullopt;
    }
    const double fell = static_cast<double>(*first->lag - lag);
    const double ms =
        static_cast<double>(backlog) / fell * static_cast<double>(now_ms - first->at_ms);
    constexpr double longest = 3.2e13;  // a thousand years
    return ms < longest ? std::optional(static_cast<std::int64_t>(ms)) : std::nullopt;
}

}  // namespace caretaker
