// SPDX-License-Identifier: Apache-2.0
// What is kept from run to run of a partition that a group reads: the last commits that were seen,
// as few as the verdict needs. Pure.
#pragma once

#include "jobs/lag/lag_judge.hpp"
#include "jobs/lag/lag_status.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace caretaker {

struct WindowRules {
    std::int64_t intervals = 10;          // most points, and runs until it is complete
    std::int64_t allowed_lag = 0;         // a lag up to that is none
    std::int64_t max_age_ms = 3'600'000;  // older points are forgotten, but for the last
    std::int64_t min_distance_ms = 0;     // points closer than that become one
};

/// The part of a window that has a fixed size.
struct WindowState {
    std::int32_t partition = 0;
    std::uint16_t runs = 0;            // that saw the partition, counted up to the intervals
    std::uint16_t runs_no_commit = 0;  // the last of them without a commit, likewise
    bool was_ahead = false;            // committed beyond the end in the last run
    bool was_owned = false;            // a member of the group owned it in the last run
    /// Points before the kept ones that only tell how long the window is: how many, and how long
    /// before the first kept one the first of them was seen.
    std::uint16_t early_points = 0;
    std::uint32_t early_s = 0;
    /// What the last run found without the rules: lost, ahead, no_topic, no_leader or unknown; ok:
    /// none of these.
    LagStatus finding = LagStatus::ok;
    std::int64_t lost = 0;  // records deleted before they were read, with a finding of `lost`

    friend bool operator==(const WindowState&, const WindowState&) = default;
};

/// So much before its first kept point the window begins.
inline std::int64_t early_ms(const WindowState& state) {
    return std::int64_t{state.early_s} * 1'000;
}

/// A window inside a WindowList.
struct WindowView {
    WindowState state{};
    std::span<const CommitPoint> points{};  // oldest first
};

/// The windows of the partitions of one topic in one group; all their points lie in one vector.
class WindowList {
 public:
    void clear() {
        entries_.clear();
        points_.clear();
    }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    [[nodiscard]] bool empty() const { return entries_.empty(); }

    [[nodiscard]] WindowView at(std::size_t index) const {
        const Entry& entry = entries_[index];
        return {entry.state, std::span(points_).subspan(entry.begin, entry.count)};
    }

    /// Partitions must come in ascending order.
    void add(const WindowState& state, std::span<const CommitPoint> points) {
        entries_.push_back({state, points_.size(), points.size()});
        points_.insert(points_.end(), points.begin(), points.end());
    }

    /// The same, for points that are still to be written there, before the next call.
    std::span<CommitPoint> add(const WindowState& state, std::size_t count) {
        entries_.push_back({state, points_.size(), count});
        points_.resize(points_.size() + count);
        return std::span(points_).last(count);
    }

    /// The window of a partition; an empty one where there is none.
    [[nodiscard]] WindowView find(std::int32_t partition) const;

 private:
    struct Entry {
        WindowState state{};
        std::size_t begin = 0;
        std::size_t count = 0;
    };

    std::vector<Entry> entries_;
    std::vector<CommitPoint> points_;
};

/// What a run saw of one partition.
struct WindowSighting {
    std::int64_t at_ms = 0;                   // when the commits were read
    std::optional<std::int64_t> committed{};  // empty: there is no commit
    std::optional<std::int64_t> end{};        // empty: not known
    bool commit_known = true;                 // false: could not be read, whatever `committed` says
    bool owned = false;                       // by a member of the group
};

/// `before` with what a run saw, `points` being working memory for the points of the result. What
/// could not be read changes nothing. A point is added only when the offset differs from the last
/// one. Of what came before the group caught up only the number of points and their time are kept,
/// unless they step back: with a lag within the allowed in the window no other rule needs them. As
/// the window moves on they leave it as if they lay equally far apart. The last point is never
/// forgotten: a consumer that stopped long ago must not look like one that never began.
WindowView update_window(const WindowView& before,
                         const WindowSighting& seen,
                         const WindowRules& rules,
                         std::vector<CommitPoint>& points);

}  // namespace caretaker
