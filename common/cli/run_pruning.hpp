// SPDX-License-Identifier: Apache-2.0
// Pruning the store at the end of a run.
#pragma once

#include "common/store/retention.hpp"

#include <chrono>

namespace caretaker {

class Clock;
class Log;
class Settings;
class StopSignal;
class Store;

/// The keys store.retention.*.
Retention retention_from(const Settings& settings);

/// The longest that a run prunes.
inline constexpr std::chrono::seconds pruning_in_run{2};

/// Prunes when it is due and no other process is at it, for at most pruning_in_run. The result of
/// the run does not depend on it: a failure becomes a warning. So does a store that is nearly full.
void prune_after_run(
    Store& store, const Settings& settings, Clock& clock, const StopSignal& stop, Log& log);

}  // namespace caretaker
