// SPDX-License-Identifier: Apache-2.0
// The server's addresses: looked up once a run, in an order that is stable for a job.
#pragma once

#include "common/metrics/host_resolver.hpp"
#include "common/metrics/statsd_address.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {

class StatsdEndpoint {
 public:
    /// `job` chooses among several servers of one name, so that each gauge stays with one of them.
    /// `dns_server` is asked in place of the system's.
    StatsdEndpoint(StatsdAddress address,
                   std::string job,
                   std::optional<SocketAddress> dns_server,
                   std::chrono::milliseconds resolve_timeout)
        : address_(std::move(address)),
          job_(std::move(job)),
          dns_server_(dns_server),
          resolve_timeout_(resolve_timeout) {}

    /// The address for this job first. The first answer holds, a failure too: nobody waits twice.
    const Resolved& resolve(SendDeadline& deadline);

    /// For messages: "host:8125", "srv://name" or a path.
    [[nodiscard]] std::string text() const;

 private:
    Resolved look_up(SendDeadline& deadline) const;

    StatsdAddress address_;
    std::string job_;
    std::optional<SocketAddress> dns_server_;
    std::chrono::milliseconds resolve_timeout_;
    std::optional<Resolved> resolved_{};
};

}  // namespace caretaker
