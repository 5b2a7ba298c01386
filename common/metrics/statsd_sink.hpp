// SPDX-License-Identifier: Apache-2.0
// The sink that an address stands for.
#pragma once

#include "common/base/clock.hpp"
#include "common/dns/socket_address.hpp"
#include "common/metrics/metrics.hpp"
#include "common/metrics/statsd_address.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace caretaker {

struct StatsdOptions {
    StatsdAddress address{};
    std::string job{};                // chooses among several servers behind one name
    std::size_t max_payload = 1'400;  // bytes of a datagram: fits an overlay network's MTU
    std::chrono::milliseconds resolve_timeout{2'000};
    std::optional<SocketAddress> dns_server{};  // asked in place of the system's
};

/// Opens nothing before the first line is sent. All deliveries of the sink together take at most 2
/// s, each at most 300 ms once a stop was requested. An address that cannot be resolved or
/// connected is not tried again. Null where the address is none.
std::unique_ptr<MetricSink> make_statsd_sink(const StatsdOptions& options,
                                             Clock& clock,
                                             const StopSignal& stop);

}  // namespace caretaker
