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
    StatsdEndpoint(StatsdAddress address,
                   std::string job,
                   std::chrono::milliseconds resolve_timeout)
        : address_(std::move(address)), job_(std::move(job)), resolve_timeout_(resolve_timeout) {}

    /// The address for this job first. The first answer holds, a failure too: nobody waits twice.
    const Resolved& resolve(SendDeadline& deadline);

    /// For messages: "host:8125" or a path.
    [[nodiscard]] std::string text() const;

 private:
    StatsdAddress address_;
    std::string job_;
    std::chrono::milliseconds resolve_timeout_;
    std::optional<Resolved> resolved_{};
};

}  // namespace caretaker
