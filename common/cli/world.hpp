// SPDX-License-Identifier: Apache-2.0
// Everything of the outside that a run touches; main builds the real one, tests their own.
#pragma once

#include "common/base/context.hpp"
#include "common/base/trigger.hpp"
#include "common/metrics/statsd_sink.hpp"

#include <functional>
#include <memory>

namespace caretaker {

class Console;

using MakeMetricSink =
    std::function<std::unique_ptr<MetricSink>(const StatsdOptions&, Clock&, const StopSignal&)>;

struct World {
    Clock& clock;
    StopSignal& stop;
    Console& console;
    Connectors connect;
    MakeMetricSink make_metric_sink;
    EnvironmentMap environment;
    bool stdin_is_terminal = false;
    bool stderr_is_terminal = false;
};

}  // namespace caretaker
