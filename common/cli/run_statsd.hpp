// SPDX-License-Identifier: Apache-2.0
// StatsD as the settings want it for one run.
#pragma once

#include "common/base/run_info.hpp"
#include "common/metrics/statsd_lines.hpp"
#include "common/metrics/statsd_sink.hpp"

namespace caretaker {

class Settings;

/// Throws UsageError when statsd.address is none of the forms known.
StatsdOptions statsd_options(const Settings& settings, const RunInfo& run);

StatsdNaming statsd_naming(const Settings& settings, const RunInfo& run);

}  // namespace caretaker
