// SPDX-License-Identifier: Apache-2.0
#include "common/http/change_gate.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

bool changes_something(const HttpRequest& request) {
    return effect_of(request) != HttpEffect::read;
}

class GatedHttp final : public HttpClient {
 public:
    GatedHttp(std::unique_ptr<HttpClient> inner,
              std::chrono::milliseconds request_timeout,
              ChangePermit permit)
        : inner_(std::move(inner)), request_timeout_(request_timeout), permit_(std::move(permit)) {}

    HttpResponse send(const HttpRequest& request) override {
        if (changes_something(request)) {
            permit_(request_timeout_);
        }
        return inner_->send(request);
    }

    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override {
        if (std::ranges::any_of(requests, changes_something)) {
            permit_(request_timeout_);
        }
        inner_->send_all(requests, max_parallel, on_outcome);
    }

 private:
    std::unique_ptr<HttpClient> inner_;
    std::chrono::milliseconds request_timeout_;
    ChangePermit permit_;
};

}  // namespace

std::unique_ptr<HttpClient> gate_changes(std::unique_ptr<HttpClient> inner,
                                         const HttpOptions& options,
                                         ChangePermit permit) {
    return std::make_unique<GatedHttp>(
        std::move(inner), options.request_timeout, std::move(permit));
}

Connectors gate_connectors(const Connectors& connect, ChangePermit permit) {
    if (!permit) {
        return connect;
    }
    return {.kafka = connect.kafka,
            .http = [&connect, permit = std::move(permit)](const HttpOptions& options,
                                                           const StopSignal& stop) {
                return gate_changes(connect.http(options, stop), options, permit);
            }};
}

}  // namespace caretaker
