// SPDX-License-Identifier: Apache-2.0
// What a run's requests add up to: counters for metrics, and what people should know of TLS.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/report.hpp"
#include "common/http/http.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace caretaker {

/// One for all services that a run talks to.
class HttpTally {
 public:
    /// A request goes out.
    void add_request() { ++requests_; }

    /// And this came back. No answer, 429 and 5xx count as errors.
    void add_outcome(const std::string& service,
                     const HttpRequest& request,
                     const HttpOutcome& outcome);

    void add_retry() { ++retries_; }

    /// The service's certificate is not verified.
    void add_unverified(const std::string& service);

    [[nodiscard]] std::int64_t requests() const { return requests_; }

    [[nodiscard]] std::int64_t errors() const { return errors_; }

    [[nodiscard]] std::int64_t retries() const { return retries_; }

    /// Adds the counters http.requests, http.errors and http.retries, and the findings
    /// "tls_certificate_ends" (low, when a certificate ends within 14 days of `now`) and
    /// "tls_unverified" (info).
    void add_to(Report& report, WallTime now) const;

 private:
    using Server = std::pair<std::string, std::string>;  // service, host:port

    std::int64_t requests_ = 0;
    std::int64_t errors_ = 0;
    std::int64_t retries_ = 0;
    std::map<Server, HttpCertificate> certificates_{};
    std::map<std::string, bool> unverified_{};
};

}  // namespace caretaker
