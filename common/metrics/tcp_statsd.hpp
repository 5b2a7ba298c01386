// SPDX-License-Identifier: Apache-2.0
// StatsD over TCP, one connection per delivery.
#pragma once

#include "common/base/fd.hpp"
#include "common/metrics/statsd_endpoint.hpp"
#include "common/metrics/timed_sink.hpp"

#include <string>
#include <string_view>

namespace caretaker {

class TcpStatsd final : public TimedSink {
 public:
    TcpStatsd(StatsdEndpoint endpoint, Clock& clock, const StopSignal& stop)
        : TimedSink(clock, stop), endpoint_(std::move(endpoint)) {}

 private:
    Delivery deliver(std::span<const std::string> lines, SendDeadline& deadline) override;
    Fd connect(SendDeadline& deadline);

    StatsdEndpoint endpoint_;
    std::string problem_{};  // why no connection came about; holds for the run
};

}  // namespace caretaker
