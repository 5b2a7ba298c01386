// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_judge.hpp"

#include <algorithm>
#include <limits>

namespace caretaker {

namespace {

/// a - b, at the limits of the type where it does not fit: times may come from outside.
std::int64_t subtract(std::int64_t a, std::int64_t b) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a, b, &difference)) {
        return b < 0 ? std::numeric_limits<std::int64_t>::max()
                     : std::numeric_limits<std::int64_t>::min();
    }
    return difference;
}

/// Only the first step back counts: one after a recovered one is not looked at.
std::optional<std::size_t> find_rewind(std::span<const CommitPoint> points) {
    const auto back = std::ranges::adjacent_find(
        points, [](const CommitPoint& a, const CommitPoint& b) { return b.offset < a.offset; });
    if (back == points.end()) {
        return std::nullopt;
    }
    const bool recovered = std::any_of(back + 1, points.end(), [&](const CommitPoint& later) {
        return later.offset >= back->offset;
    });
    if (recovered) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(back - points.begin()) + 1;
}

bool lag_never_falls(std::span<const CommitPoint> points) {
    std::optional<std::int64_t> before;
    for (const CommitPoint& point : points) {
        if (!point.lag) {
            continue;
        }
        if (before && *point.lag < *before) {
            return false;
        }
        before = point.lag;
    }
    return true;
}

LagStatus find_status(const JudgeCase& given,
                      const JudgeParameters& parameters,
                      const JudgeRules& rules) {
    if (given.points.empty() || given.lag <= parameters.allowed_lag) {
        return LagStatus::ok;
    }
    if (rules.stopped && silence_ms(given) >= parameters.min_silence_ms &&
        !rules.recently_caught_up) {
        return given.live_owner ? LagStatus::stall : LagStatus::stop;
    }
    if (rules.rewind_index) {
        return LagStatus::rewind;
    }
    const bool enough = std::ssize(given.points) >= parameters.min_points;
    if (!rules.lag_always_above_allowed || !enough) {
        return LagStatus::ok;
    }
    if (rules.stalled) {
        return LagStatus::stall;
    }
    return rules.lag_not_decreasing ? LagStatus::warn : LagStatus::ok;
}

}  // namespace

std::int64_t silence_ms(const JudgeCase& given) {
    return given.points.empty() ? 0 : subtract(given.now_ms, given.points.back().at_ms);
}

std::int64_t span_ms(const JudgeCase& given) {
    const auto points = given.points;
    return points.empty()
               ? 0
               : subtract(points.back().at_ms, subtract(points.front().at_ms, given.early_ms));
}

JudgeRules apply_rules(const JudgeCase& given, std::int64_t allowed_lag) {
    const auto points = given.points;
    return {.stopped = silence_ms(given) > span_ms(given),
            .recently_caught_up =
                !points.empty() &&
                std::ranges::any_of(given.ends,
                                    [&](std::int64_t end) { return end <= points.back().offset; }),
            .rewind_index = find_rewind(points),
            .lag_always_above_allowed = std::ranges::none_of(
                points,
                [=](const CommitPoint& point) { return point.lag && *point.lag <= allowed_lag; }),
            .stalled = std::ranges::all_of(
                points,
                [&](const CommitPoint& point) { return point.offset == points.front().offset; }),
            .lag_not_decreasing = lag_never_falls(points)};
}

Judgement judge_partition(const JudgeCase& given, const JudgeParameters& parameters) {
    const JudgeRules rules = apply_rules(given, parameters.allowed_lag);
    return {.status = find_status(given, parameters, rules), .rules = rules};
}

}  // namespace caretaker
