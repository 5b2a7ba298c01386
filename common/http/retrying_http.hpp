// SPDX-License-Identifier: Apache-2.0
// Sends again what may be sent again, after a wait.
#pragma once

#include "common/base/clock.hpp"
#include "common/http/http.hpp"

#include <functional>
#include <optional>

namespace caretaker {

class StopSignal;

struct RetryOptions {
    int tries = 4;
    std::optional<SteadyTime> deadline{};  // no wait goes beyond
    std::function<double()> jitter{};      // 0 to 1, evenly; without it 1
    /// Told before each wait.
    std::function<void(const HttpRequest&, const HttpOutcome&, std::chrono::milliseconds)>
        on_retry{};
};

/// A client over another one, by the rules of may_send_again() and retry_wait(). The last outcome
/// is the answer; HttpResponse::tries counts. A DELETE that finds nothing, after a try that may
/// have reached the service, was done by that try: HttpResponse::done_before. Waits end with
/// Interrupted when a stop is requested.
class RetryingHttp final : public HttpClient {
 public:
    RetryingHttp(HttpClient& inner, RetryOptions options, Clock& clock, const StopSignal& stop)
        : inner_(inner), options_(std::move(options)), clock_(clock), stop_(stop) {}

    HttpResponse send(const HttpRequest& request) override;

    /// In rounds: what failed is sent again, together, once all had their turn.
    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override;

 private:
    struct Attempts {
        int count = 0;
        bool arrived = false;  // at least one may have reached the service
    };

    static HttpOutcome finish(const HttpRequest& request, HttpOutcome outcome, Attempts attempts);
    std::optional<std::chrono::milliseconds> wait_before_next(const HttpRequest& request,
                                                              const HttpOutcome& outcome,
                                                              int tries);
    void wait(std::chrono::milliseconds duration);

    HttpClient& inner_;
    RetryOptions options_;
    Clock& clock_;
    const StopSignal& stop_;
};

}  // namespace caretaker
