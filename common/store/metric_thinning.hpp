// SPDX-License-Identifier: Apache-2.0
// Takes the metrics of old runs away, but for one run an hour.
#pragma once

#include "common/store/prune_steps.hpp"

namespace caretaker {

class Database;

/// Goes over the runs in the order of their start and notes in the store how far it came, so that
/// a day costs the runs of one day. `before` begins an hour.
PruneStep make_metric_thinning(Database& database, WallTime before);

/// Has later thinning begin at `started_at` again, for runs that come in late. Within the caller's
/// transaction.
void restart_metric_thinning(const Database& database, WallTime started_at);

}  // namespace caretaker
