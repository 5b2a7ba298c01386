// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_ping.hpp"

#include "common/base/stop_signal.hpp"
#include "common/metrics/statsd_endpoint.hpp"
#include "common/metrics/statsd_lines.hpp"

namespace caretaker {

namespace {

/// Long enough for a refusal from another data centre.
constexpr std::chrono::milliseconds pause{300};

std::vector<std::string> look_up(const StatsdOptions& options,
                                 Clock& clock,
                                 const StopSignal& stop) {
    std::vector<std::string> texts;
    if (options.address.transport == StatsdTransport::file) {
        return {options.address.path};
    }
    StatsdEndpoint endpoint(
        options.address, options.job, options.dns_server, options.resolve_timeout);
    SendDeadline deadline(clock, stop, options.resolve_timeout);
    for (const SocketAddress& address : endpoint.resolve(deadline).addresses) {
        texts.push_back(format_socket_address(address));
    }
    return texts;
}

}  // namespace

StatsdPing ping_statsd(const StatsdOptions& options,
                       const StatsdNaming& naming,
                       Clock& clock,
                       const StopSignal& stop) {
    const Metric metric{.name = "ping", .kind = MetricKind::counter, .value = 1};
    const std::vector<std::string> lines = format_statsd(std::span(&metric, 1), naming).lines;
    StatsdPing ping{.addresses = look_up(options, clock, stop), .line = lines.front()};
    const auto sink = make_statsd_sink(options, clock, stop);
    for (int i = 0; i < 2 && ping.problem.empty(); ++i) {
        if (i > 0) {
            clock.wait(pause, stop);
        }
        const Delivery delivery = sink->send(lines);
        ping.sent += delivery.sent;
        ping.problem = delivery.problem;
    }
    return ping;
}

}  // namespace caretaker
