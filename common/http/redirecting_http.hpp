// SPDX-License-Identifier: Apache-2.0
// Follows redirects, but not everywhere.
#pragma once

#include "common/http/http.hpp"
#include "common/http/redirect_rules.hpp"

#include <set>
#include <string>
#include <string_view>

namespace caretaker {

/// A client over another one that sends requests on itself, up to 5 times, by the rules of
/// redirect_refusal(). Throws HttpError "redirect_loop" (exit 1) for more and for an address seen
/// before, "redirect_refused" (exit 10) where it must not go. Requests that name an address of
/// their own are checked too.
class RedirectingHttp final : public HttpClient {
 public:
    RedirectingHttp(HttpClient& inner, RedirectPolicy policy, std::string service)
        : inner_(inner), policy_(std::move(policy)), service_(std::move(service)) {}

    /// The host of `url` is the service's leader by its own word (Mesos' /redirect, Marathon's
    /// /v2/leader), and as good as a listed one.
    void trust_leader(std::string_view url);

    HttpResponse send(const HttpRequest& request) override;
    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override;

 private:
    /// A request on its way.
    struct Journey {
        HttpRequest request{};
        std::set<std::string> seen{};
    };

    void check_address(const HttpRequest& request) const;
    void go_on(Journey& journey, const HttpResponse& response) const;

    HttpClient& inner_;
    RedirectPolicy policy_;
    std::string service_;
};

}  // namespace caretaker
