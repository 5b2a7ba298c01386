// SPDX-License-Identifier: Apache-2.0
#include "common/http/service_clock.hpp"

#include "common/http/http_date.hpp"

#include <utility>
#include <variant>

namespace caretaker {

namespace {

class ClockWatchingHttp final : public HttpClient {
 public:
    ClockWatchingHttp(std::unique_ptr<HttpClient> inner,
                      std::string service,
                      Clock& clock,
                      ServiceClocks& clocks)
        : inner_(std::move(inner)), service_(std::move(service)), clock_(clock), clocks_(clocks) {}

    HttpResponse send(const HttpRequest& request) override {
        HttpResponse response = inner_->send(request);
        clocks_.add(service_, response, clock_.now());
        return response;
    }

    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override {
        inner_->send_all(requests, max_parallel, [&](std::size_t index, HttpOutcome outcome) {
            if (const auto* response = std::get_if<HttpResponse>(&outcome)) {
                clocks_.add(service_, *response, clock_.now());
            }
            on_outcome(index, std::move(outcome));
        });
    }

 private:
    std::unique_ptr<HttpClient> inner_;
    std::string service_;
    Clock& clock_;
    ServiceClocks& clocks_;
};

}  // namespace

void ServiceClocks::add(const std::string& service, const HttpResponse& response, WallTime now) {
    const auto date = parse_http_date(response.header("Date"));
    if (!date || !response.header("Age").empty()) {
        return;
    }
    const auto ahead = std::chrono::duration_cast<std::chrono::milliseconds>(*date - now);
    if (!largest_ || std::chrono::abs(ahead) > std::chrono::abs(largest_->ahead)) {
        largest_ = {.service = service, .ahead = ahead};
    }
}

std::unique_ptr<HttpClient> watch_service_clock(std::unique_ptr<HttpClient> inner,
                                                const std::string& service,
                                                Clock& clock,
                                                ServiceClocks& clocks) {
    return std::make_unique<ClockWatchingHttp>(std::move(inner), service, clock, clocks);
}

}  // namespace caretaker
