// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_pruning.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/store/store.hpp"
#include "common/store/store_pruner.hpp"

#include <fmt/format.h>

namespace caretaker {

Retention retention_from(const Settings& settings) {
    const auto kept = [&](const char* key) {
        return std::chrono::floor<std::chrono::hours>(
            settings.duration(fmt::format("store.retention.{}", key)));
    };
    return {.runs = kept("runs"),
            .run_metrics = kept("run_metrics"),
            .samples_60s = kept("samples_60s"),
            .samples_600s = kept("samples_600s"),
            .samples_3600s = kept("samples_3600s"),
            .findings = kept("findings"),
            .events = kept("events"),
            .outbox = kept("outbox")};
}

void prune_after_run(
    Store& store, const Settings& settings, Clock& clock, const StopSignal& stop, Log& log) {
    const SteadyTime end = clock.steady() + pruning_in_run;
    // Caught because the run's work is done and recorded: what is old can go another time.
    try {
        const auto result =
            store.prune({.retention = retention_from(settings), .now = clock.now(), .enough = [&] {
                             return stop.requested() || clock.steady() >= end;
                         }});
        if (result && result->level > 0) {
            log.warning(fmt::format(
                "the store {} came near its limit: samples and metrics of runs are kept {} times "
                "shorter than configured{}; raise store.max_bytes",
                store.path(),
                1 << result->level,
                result->nearly_full ? ", and that is not enough" : ""));
        }
    } catch (const StoreError& error) {
        log.warning(fmt::format("pruning the store: {}", error.what()));
    }
}

}  // namespace caretaker
