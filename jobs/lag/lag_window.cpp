// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_window.hpp"

#include <algorithm>

namespace caretaker {

namespace {

std::uint16_t count_up(std::uint16_t count, const WindowRules& rules) {
    return static_cast<std::uint16_t>(std::min<std::int64_t>(count + 1, rules.intervals));
}

void add_point(std::vector<CommitPoint>& points, const CommitPoint& now, const WindowRules& rules) {
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
    if (now.lag && *now.lag <= rules.allowed_lag && !went_back) {
        points.clear();
    }
    points.push_back(now);
}

void forget(std::vector<CommitPoint>& points, std::int64_t now_ms, const WindowRules& rules) {
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(rules.intervals, 1));
    std::size_t first = points.size() > most ? points.size() - most : 0;
    while (first + 1 < points.size() && now_ms - points[first].at_ms > rules.max_age_ms) {
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
        points.clear();
        return {state, points};
    }
    state.runs_no_commit = 0;
    state.was_ahead = *seen.committed > *seen.end;
    const std::int64_t lag = state.was_ahead ? 0 : *seen.end - *seen.committed;
    add_point(points, {*seen.committed, seen.at_ms, lag}, rules);
    forget(points, seen.at_ms, rules);
    return {state, points};
}

}  // namespace caretaker
