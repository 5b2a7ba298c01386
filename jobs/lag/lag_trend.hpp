// SPDX-License-Identifier: Apache-2.0
// The lag of a group in the last runs, for a person's eye.
#pragma once

#include "common/base/wall_time.hpp"
#include "jobs/lag/lag_model.hpp"

#include <string>

namespace caretaker {

class Store;

/// A bar for each of the last runs of an hour, ten at most, the newest and rightmost of them this
/// one, which began at `now`; empty where there is only this one. Throws StoreError.
std::string draw_lag_trend(
    const Store& store, const std::string& target, const GroupLag& group, WallTime now, bool ascii);

}  // namespace caretaker
