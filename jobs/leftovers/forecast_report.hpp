// SPDX-License-Identifier: Apache-2.0
// What a report says about when the cluster will be full, by the samples of earlier runs.
#pragma once

#include "common/base/report.hpp"
#include "common/base/wall_time.hpp"

#include <string>

namespace caretaker {

class Store;

/// Of each series that the report adds a sample to, resources and quotas against a tenth of them
/// all and apps against one further instance; `report` has its metrics already. The samples of this
/// run are the last points. Throws StoreError.
void report_forecast(const Store& store, const std::string& target, WallTime now, Report& report);

}  // namespace caretaker
