// SPDX-License-Identifier: Apache-2.0
// Everything of the outside that a run touches; main builds the real one, tests their own.
#pragma once

#include "common/base/context.hpp"
#include "common/base/status_line.hpp"
#include "common/base/trigger.hpp"
#include "common/config/value_rule.hpp"
#include "common/metrics/statsd_sink.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

class Console;

using MakeMetricSink =
    std::function<std::unique_ptr<MetricSink>(const StatsdOptions&, Clock&, const StopSignal&)>;

/// Asks the person at the terminal; see ask_at_terminal().
using AskPerson = std::function<std::optional<std::string>(std::string_view, const StopSignal&)>;

/// An InputSource that ends its waiting at a stop; see read_standard_input().
using ReadInput = std::function<std::size_t(std::span<char>, const StopSignal&)>;

struct World {
    Clock& clock;
    StopSignal& stop;
    Console& console;
    Connectors connect;
    MakeMetricSink make_metric_sink;
    EnvironmentMap environment;
    StatusLine& status;
    AskPerson ask;
    bool stdin_is_terminal = false;
    bool stderr_is_terminal = false;
    ReadInput read_input{};
    std::span<const ValueRule> job_rules{};  // of the jobs' own keys
};

}  // namespace caretaker
