// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_window.hpp"

#include <algorithm>
#include <limits>

namespace caretaker {

namespace {

std::uint16_t count_up(std::uint16_t count, const WindowRules& rules) {
    return static_cast<std::uint16_t>(std::min<std::int64_t>(count + 1, rules.intervals));
}

std::int64_t most_points(const WindowRules& rules) {
    return std::max<std::int64_t>(rules.intervals, 1);
}

bool steps_back(std::span<const CommitPoint> points) {
    return !std::ranges::is_sorted(points, {}, &CommitPoint::offset);
}

/// Keeps only how many the points are and how long before `next_ms` they began.
void set_early(std::vector<CommitPoint>& points, std::int64_t next_ms, WindowState& state) {
    constexpr std::int64_t longest_s = std::numeric_limits<std::uint32_t>::max();
    const std::int64_t early_s = (next_ms - points.front().at_ms + 500) / 1'000 + state.early_s;
    state.early_s = static_cast<std::uint32_t>(std::clamp<std::int64_t>(early_s, 0, longest_s));
    state.early_points =
        static_cast<std::uint16_t>(state.early_points + static_cast<unsigned>(points.size()));
    points.clear();
}

void add_point(std::vector<CommitPoint>& points,
               const CommitPoint& now,
               const WindowRules& rules,
               WindowState& state) {
    if (points.empty()) {
        points.push_back(now);
        return;
    }
    CommitPoint& last = points.back();
    if (now.offset == last.offset) {
        return;
    }
    if (now.at_ms - last.at_ms < rules.min_distance_ms) {
        last.offset = now.offset;  // with the older time
        last.lag = now.lag;
        return;
    }
    const bool went_back = now.offset < last.offset;
    const bool has_caught_up = now.lag && *now.lag <= rules.allowed_lag;
    if (has_caught_up && !went_back && !steps_back(points)) {
        set_early(points, now.at_ms, state);
    }
    points.push_back(now);
}

/// The window without its first early point.
void drop_early(WindowState& state) {
    state.early_s -= state.early_s / state.early_points;
    --state.early_points;
}

void forget(std::vector<CommitPoint>& points,
            std::int64_t now_ms,
            const WindowRules& rules,
            WindowState& state) {
    const std::int64_t most = most_points(rules);
    const auto is_too_old = [&](std::int64_t at_ms) { return now_ms - at_ms > rules.max_age_ms; };
    while (state.early_points > 0 && (state.early_points + std::ssize(points) > most ||
                                      is_too_old(points.front().at_ms - early_ms(state)))) {
        drop_early(state);
    }
    std::size_t first =
        std::ssize(points) > most ? points.size() - static_cast<std::size_t>(most) : 0;
    while (first + 1 < points.size() && is_too_old(points[first].at_ms)) {
        ++first;
    }
    points.erase(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace

WindowView WindowList::find(std::int32_t partition) const {
    const auto found = std::ranges::lower_bound(
        entries_, partition, {}, [](const Entry& entry) { return entry.state.partition; });
    if (found == entries_.end() || found->state.partition != partition) {
        return {.state = {.partition = partition}};
    }
    return at(static_cast<std::size_t>(found - entries_.begin()));
}

WindowView update_window(const WindowView& before,
                         const WindowSighting& seen,
                         const WindowRules& rules,
                         std::vector<CommitPoint>& points) {
    points.assign(before.points.begin(), before.points.end());
    WindowState state = before.state;
    state.was_owned = seen.owned;
    if (!seen.commit_known || !seen.end) {
        return {state, points};
    }
    state.runs = count_up(state.runs, rules);
    if (!seen.committed) {
        state.runs_no_commit = count_up(state.runs_no_commit, rules);
        state.was_ahead = false;
        state.early_points = 0;
        state.early_s = 0;
        points.clear();
        return {state, points};
    }
    state.runs_no_commit = 0;
    state.was_ahead = *seen.committed > *seen.end;
    const std::int64_t lag = state.was_ahead ? 0 : *seen.end - *seen.committed;
    add_point(points, {*seen.committed, seen.at_ms, lag}, rules, state);
    forget(points, seen.at_ms, rules, state);
    return {state, points};
}

}  // namespace caretaker
