// SPDX-License-Identifier: Apache-2.0
// Stretches of time that were watched. No IO.
#pragma once

#include "common/base/wall_time.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <vector>

namespace caretaker {

/// From `begin` up to, and without, `end`.
struct TimeSpan {
    WallTime begin{};
    WallTime end{};

    friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

/// A union of spans: sorted, none empty, none touching the next.
class TimeSpans {
 public:
    TimeSpans() = default;
    explicit TimeSpans(std::span<const TimeSpan> spans);

    void add(TimeSpan span);
    void add(const TimeSpans& others);

    /// Drops everything before `time`.
    void forget_before(WallTime time);

    /// Drops everything from `time` on.
    void forget_from(WallTime time);

    [[nodiscard]] std::chrono::milliseconds covered(TimeSpan window) const;

    /// The end of the last span; nothing where there is none.
    [[nodiscard]] std::optional<WallTime> end() const;

    [[nodiscard]] const std::vector<TimeSpan>& all() const { return spans_; }

 private:
    std::vector<TimeSpan> spans_{};
};

}  // namespace caretaker
