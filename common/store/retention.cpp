// SPDX-License-Identifier: Apache-2.0
#include "common/store/retention.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::chrono::seconds fine{60};
constexpr std::chrono::seconds medium{600};
constexpr std::chrono::seconds coarse{3600};

std::chrono::hours harder(std::chrono::hours kept, int level) {
    return std::max(kept / (1 << std::clamp(level, 0, hardest_prune)), std::chrono::hours(1));
}

/// The beginning of the interval of `length` that `time` lies in.
WallTime begin_of(WallTime time, std::chrono::seconds length) {
    const auto since_1970 = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    return WallTime(since_1970 - since_1970 % length);
}

}  // namespace

PrunePlan plan_prune(const Retention& retention, WallTime now, int level) {
    const auto coarse_kept = harder(retention.samples_3600s, level);
    const auto medium_kept = std::min(harder(retention.samples_600s, level), coarse_kept);
    const auto fine_kept = std::min(harder(retention.samples_60s, level), medium_kept);
    return {.runs_before = now - retention.runs,
            .runs_per_job = retention.runs_per_job,
            .metrics_before = begin_of(now - harder(retention.run_metrics, level), coarse),
            .roll_ups = {{fine, medium, begin_of(now - fine_kept, medium)},
                         {medium, coarse, begin_of(now - medium_kept, coarse)}},
            .samples_before = now - coarse_kept,
            .findings_before = now - retention.findings,
            .events_before = now - retention.events,
            .outbox_before = now - retention.outbox,
            .outbox_bytes = retention.outbox_bytes,
            .snapshots = retention.snapshots,
            .memory_before = now - retention.memory};
}

WallTime plan_next_prune(WallTime now, bool finished, bool nearly_full) {
    if (!finished) {
        return now + std::chrono::minutes(15);
    }
    return now + (nearly_full ? std::chrono::hours(1) : std::chrono::hours(24));
}

bool is_nearly_full(std::uint64_t used, std::uint64_t limit) {
    return used >= limit / 10 * 9;
}

std::vector<std::int64_t> plan_thinning(std::span<const HourRun> runs) {
    std::map<std::pair<std::string_view, std::string_view>, std::int64_t> kept;
    for (const HourRun& run : runs) {
        if (run.ok) {
            kept[{run.job, run.target}] = run.id;
        }
    }
    std::vector<std::int64_t> thinned;
    for (const HourRun& run : runs) {
        const auto keeper = kept.find({run.job, run.target});
        if (keeper == kept.end() || keeper->second != run.id) {
            thinned.push_back(run.id);
        }
    }
    return thinned;
}

}  // namespace caretaker
