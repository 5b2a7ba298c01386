// SPDX-License-Identifier: Apache-2.0
// Sends a metric on purpose and looks closely at what becomes of it.
#pragma once

#include "common/base/clock.hpp"
#include "common/metrics/metric_names.hpp"
#include "common/metrics/statsd_sink.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace caretaker {

struct StatsdPing {
    std::vector<std::string> addresses{};  // of the server, the one chosen for this job first
    std::string line{};                    // what was sent, twice
    std::size_t sent = 0;
    std::string problem{};  // empty: nothing speaks against the delivery
};

/// Sends the counter `ping` twice with a pause between: over UDP a refusal of the first one shows
/// when the second one is sent. Looks the address up before, with the same limits as a run.
StatsdPing ping_statsd(const StatsdOptions& options,
                       const StatsdNaming& naming,
                       Clock& clock,
                       const StopSignal& stop);

}  // namespace caretaker
