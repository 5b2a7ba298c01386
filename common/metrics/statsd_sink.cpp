// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_sink.hpp"

#include "common/metrics/file_statsd.hpp"
#include "common/metrics/tcp_statsd.hpp"
#include "common/metrics/udp_statsd.hpp"

namespace caretaker {

std::unique_ptr<MetricSink> make_statsd_sink(const StatsdOptions& options,
                                             Clock& clock,
                                             const StopSignal& stop) {
    const StatsdEndpoint endpoint(
        options.address, options.job, options.dns_server, options.resolve_timeout);
    switch (options.address.transport) {
        case StatsdTransport::udp:
        case StatsdTransport::unix_datagram:
            return std::make_unique<UdpStatsd>(endpoint, options.max_payload, clock, stop);
        case StatsdTransport::tcp:
            return std::make_unique<TcpStatsd>(endpoint, clock, stop);
        case StatsdTransport::file:
            return std::make_unique<FileStatsd>(options.address.path, clock, stop);
        case StatsdTransport::none:
            break;
    }
    return nullptr;
}

}  // namespace caretaker
