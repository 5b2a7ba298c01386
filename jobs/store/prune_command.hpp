// SPDX-License-Identifier: Apache-2.0
// `store prune`: takes away what is old, now and to its end.
#pragma once

#include "common/base/report.hpp"
#include "common/store/store_pruner.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace caretaker {

struct Context;

/// Limits that go over those of the settings.
struct PruneOptions {
    bool dry_run = false;
    std::optional<std::chrono::hours> runs{};
    std::optional<std::int64_t> runs_per_job{};
    std::optional<std::chrono::hours> run_metrics{};
    std::optional<std::chrono::hours> samples_60s{};
    std::optional<std::chrono::hours> samples_600s{};
    std::optional<std::chrono::hours> samples_3600s{};
    std::optional<std::chrono::hours> findings{};
    std::optional<std::chrono::hours> events{};
    std::optional<std::chrono::hours> outbox{};
    std::optional<std::int64_t> snapshots{};
    std::optional<std::uint64_t> max_bytes{};
};

/// `retention` with the options that are given.
Retention apply_options(Retention retention, const PruneOptions& options);

/// Pure.
Report format_prune(const PruneResult& result, bool dry_run);

/// Throws StoreError, also where another process is at it, and Interrupted; what went until then is
/// gone.
Report prune_store(const Context& context, const PruneOptions& options);

}  // namespace caretaker
