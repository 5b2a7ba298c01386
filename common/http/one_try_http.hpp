// SPDX-License-Identifier: Apache-2.0
// For many small services whose answer is wanted now or not at all.
#pragma once

#include "common/http/http.hpp"
#include "common/http/http_tally.hpp"
#include "common/http/observed_http.hpp"

#include <memory>
#include <string>

namespace caretaker {

struct Context;

/// Sends each request once, to the whole address that it has: no retries, no redirects. It is
/// counted and logged like those of ServiceHttp, and says who asks.
class OneTryHttp final : public HttpClient {
 public:
    /// `context` must outlive this object.
    OneTryHttp(HttpOptions options, Context& context);

    HttpResponse send(const HttpRequest& request) override { return observed_.send(request); }

    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override {
        observed_.send_all(requests, max_parallel, on_outcome);
    }

 private:
    HttpTally uncounted_{};
    HttpOptions options_;
    std::unique_ptr<HttpClient> wire_;
    ObservedHttp observed_;
};

}  // namespace caretaker
