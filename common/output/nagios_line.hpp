// SPDX-License-Identifier: Apache-2.0
// The one line that a monitoring plugin prints (Nagios Plugin Development Guidelines, 2 and 2.6).
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/finished_run.hpp"

#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// One value of the performance data.
struct NagiosValue {
    std::string label{};
    double value = 0;
    std::string_view unit{};  // "s", "ms", "B", "%", "c" (a counter) or empty
};

/// "CARETAKER LAG OK: 6 groups, lag 1204 | duration=2.417s lag.total=1204". Whatever would end the
/// text or a label early is replaced. `service` may be empty.
std::string format_nagios_line(std::string_view service,
                               NagiosState state,
                               std::string_view text,
                               std::span<const NagiosValue> values);

/// The line of a run: its summary, its duration, and its metrics without labels, at most 40 of
/// them; the job's own come first.
std::string render_nagios(const FinishedRun& run, NagiosState state);

}  // namespace caretaker
