// SPDX-License-Identifier: Apache-2.0
// StatsD as the settings want it.
#pragma once

#include "common/base/run_info.hpp"
#include "common/config/value_rule.hpp"
#include "common/metrics/metric_names.hpp"
#include "common/metrics/statsd_sink.hpp"

#include <string>
#include <vector>

namespace caretaker {

class Settings;

/// Throws UsageError for a statsd.address or dns.server of no known form, and for statsd.histograms
/// without the dialect that has them.
StatsdOptions statsd_options(const Settings& settings, const std::string& job);

/// The names of the run's metrics.
StatsdNaming statsd_naming(const Settings& settings, const RunInfo& run);

/// What the addresses among those settings must be.
std::vector<ValueRule> statsd_value_rules();

}  // namespace caretaker
