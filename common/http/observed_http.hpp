// SPDX-License-Identifier: Apache-2.0
// Counts and logs what really goes over the wire.
#pragma once

#include "common/base/clock.hpp"
#include "common/http/http.hpp"
#include "common/http/http_tally.hpp"

#include <string>
#include <vector>

namespace caretaker {

class Log;

/// A client over another one; adds each request to a tally and, at level debug, to the log, without
/// secrets.
class ObservedHttp final : public HttpClient {
 public:
    ObservedHttp(
        HttpClient& inner, const HttpOptions& options, HttpTally& tally, Clock& clock, Log& log)
        : inner_(inner),
          service_(options.service),
          secrets_(secrets_of(options)),
          tally_(tally),
          clock_(clock),
          log_(log) {}

    HttpResponse send(const HttpRequest& request) override;
    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override;

 private:
    void note(const HttpRequest& request, const HttpOutcome& outcome, SteadyTime since);

    HttpClient& inner_;
    std::string service_;
    std::vector<std::string> secrets_;
    HttpTally& tally_;
    Clock& clock_;
    Log& log_;
};

}  // namespace caretaker
