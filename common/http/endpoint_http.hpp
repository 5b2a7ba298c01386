// SPDX-License-Identifier: Apache-2.0
// Several addresses of one service: which is asked, and which is left out.
#pragma once

#include "common/http/http.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Completes requests whose URL begins with "/" by an endpoint; others pass as they are. Begins at
/// the endpoint that the run's uid chooses by its hash, so that runs share the load, and keeps to
/// it. One that fails (is_endpoint_failure()) is left out from then on, until all have failed.
/// Within one call the next one is asked where the failed request may be sent again: not connected,
/// or 502, 503, 504 to other than single changes.
class EndpointHttp final : public HttpClient {
 public:
    /// `endpoints`: "http://es1:9200", with a path before all others if need be. Not empty.
    EndpointHttp(HttpClient& inner, std::vector<std::string> endpoints, std::string_view run_uid);

    HttpResponse send(const HttpRequest& request) override;
    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override;

    /// That is asked next.
    [[nodiscard]] const std::string& current() const { return endpoints_[current_]; }

 private:
    [[nodiscard]] HttpRequest complete(const HttpRequest& request) const;
    void leave_out_current();

    HttpClient& inner_;
    std::vector<std::string> endpoints_;
    std::vector<bool> left_out_;
    std::size_t current_ = 0;
};

}  // namespace caretaker
