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
struct WatchSpan {
    WallTime begin{};
    WallTime end{};

    friend bool operator==(const WatchSpan&, const WatchSpan&) = default;
};

/// A union of spans: sorted, none empty, none touching the next.
class WatchSpans {
 public:
    WatchSpans() = default;
    explicit WatchSpans(std::span<const WatchSpan> spans);

    void add(WatchSpan span);
    void add(const WatchSpans& others);

    /// Drops everything before `time`.
    void forget_before(WallTime time);

    /// Drops everything from `time` on.
    void forget_from(WallTime time);

    /// Drops what lies in `span`.
    void remove(WatchSpan span);

    [[nodiscard]] std::chrono::milliseconds covered(WatchSpan window) const;

    /// The end of the last span; nothing where there is none.
    [[nodiscard]] std::optional<WallTime> end() const;

    [[nodiscard]] const std::vector<WatchSpan>& all() const { return spans_; }

 private:
    std::vector<WatchSpan> spans_{};
};

}  // namespace caretaker
