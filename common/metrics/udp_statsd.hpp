// SPDX-License-Identifier: Apache-2.0
// StatsD over datagrams: UDP, or a unix socket.
#pragma once

#include "common/base/fd.hpp"
#include "common/base/stop_signal.hpp"
#include "common/metrics/statsd_endpoint.hpp"
#include "common/metrics/timed_sink.hpp"

#include <cstddef>
#include <string>

namespace caretaker {

/// Sends over a connected socket, so that a refusal shows, and in bursts of 10 datagrams with
/// pauses of 5 ms, which a server's default receive buffer survives.
class UdpStatsd final : public TimedSink {
 public:
    UdpStatsd(StatsdEndpoint endpoint,
              std::size_t max_payload,
              Clock& clock,
              const StopSignal& stop)
        : TimedSink(clock, stop), endpoint_(std::move(endpoint)), max_payload_(max_payload) {}

 private:
    Delivery deliver(std::span<const std::string> lines, SendDeadline& deadline) override;
    bool open(SendDeadline& deadline);
    bool connect_next();
    int send_datagram(const std::string& payload, SendDeadline& deadline);
    int transmit(const std::string& payload, SendDeadline& deadline);

    StatsdEndpoint endpoint_;
    std::size_t max_payload_;
    Fd socket_{};
    std::vector<SocketAddress> untried_{};  // the next one last
    bool settled_ = false;                  // no other address is tried any more
    std::string problem_{};                 // why there is no socket; holds for the run
    StopSignal never_{};                    // a pause of 5 ms need not be cut short by a stop
};

}  // namespace caretaker
