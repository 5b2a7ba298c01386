// SPDX-License-Identifier: Apache-2.0
// How long what is kept, and so how far back the store remembers: pure, no rows are looked at.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// How long what is kept.
struct Retention {
    std::chrono::hours runs = std::chrono::days(400);        // with their actions
    std::int64_t runs_per_job = 100;                         // of each job and target, of any age
    std::chrono::hours run_metrics = std::chrono::days(30);  // then of one run an hour, with it
    std::chrono::hours samples_60s = std::chrono::days(7);   // then rolled up
    std::chrono::hours samples_600s = std::chrono::days(35);
    std::chrono::hours samples_3600s = std::chrono::days(400);
    std::chrono::hours findings = std::chrono::days(400);  // from when they were resolved
    std::chrono::hours events = std::chrono::days(800);
    std::chrono::hours outbox = std::chrono::days(7);
    std::int64_t outbox_bytes = 100'000'000;
    std::int64_t snapshots = 60;                        // of each job and target
    std::chrono::hours memory = std::chrono::days(30);  // from when a job saved it
};

/// Samples of one resolution that become coarser ones.
struct RollUp {
    std::chrono::seconds from{};
    std::chrono::seconds to{};
    WallTime before{};  // begins an interval of `to`, so that none is rolled up in halves

    friend bool operator==(const RollUp&, const RollUp&) = default;
};

/// What is older than these goes.
struct PrunePlan {
    WallTime runs_before{};
    std::int64_t runs_per_job = 0;
    WallTime metrics_before{};  // begins an hour
    std::vector<RollUp> roll_ups{};
    WallTime samples_before{};
    WallTime findings_before{};
    WallTime events_before{};
    WallTime outbox_before{};
    std::int64_t outbox_bytes = 0;
    std::int64_t snapshots = 0;
    WallTime memory_before{};
};

/// The hardest level of plan_prune().
inline constexpr int hardest_prune = 6;

/// Each level above 0 halves the time that samples and the metrics of runs are kept, down to one
/// hour; runs, findings and events are never given up for space. A finer resolution is never kept
/// longer than a coarser one.
PrunePlan plan_prune(const Retention& retention, WallTime now, int level);

/// When to prune the next time: in a day; sooner when this time was not enough, or the file is
/// nearly full.
WallTime plan_next_prune(WallTime now, bool finished, bool nearly_full);

/// Whether so many bytes in use are near the limit of the file: nine tenths of it.
bool is_nearly_full(std::uint64_t used, std::uint64_t limit);

/// A run of one hour.
struct HourRun {
    std::int64_t id = 0;
    std::string job{};
    std::string target{};
    bool ok = false;
};

/// The runs that lose their metrics: all but the last ok one of each job and target. `runs` are in
/// the order of their start.
std::vector<std::int64_t> plan_thinning(std::span<const HourRun> runs);

}  // namespace caretaker
