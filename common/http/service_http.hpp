// SPDX-License-Identifier: Apache-2.0
// One service as a run talks to it: the client of its endpoints with everything around it.
#pragma once

#include "common/base/clock.hpp"
#include "common/http/http.hpp"
#include "common/http/redirect_rules.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct Context;

struct ServiceOptions {
    HttpOptions http{};
    std::vector<std::string> endpoints{};  // "http://es1:9200"; not empty
    RedirectAuth redirect_auth = RedirectAuth::listed;
    std::vector<std::string> warnings{};  // of the settings; logged once the service is used
};

/// From the outside in: in a dry run nothing that changes passes (DryRunGuard), what failed is sent
/// again (RetryingHttp) to an endpoint in order (EndpointHttp), redirects are followed
/// (RedirectingHttp), all is counted and logged (ObservedHttp). URLs of requests may begin with
/// "/". Requests carry "User-Agent: caretaker/<version> (<job>; <run>)", those to Elasticsearch
/// also X-Opaque-Id with the run's uid. No wait between tries goes beyond the run's
/// deadline. One thread uses it at a time.
class ServiceHttp final : public HttpClient {
 public:
    /// `context` must outlive this object. What goes out is counted by its tally, if it has one.
    ServiceHttp(const ServiceOptions& options, Context& context);
    ~ServiceHttp() override;
    ServiceHttp(const ServiceHttp&) = delete;
    ServiceHttp& operator=(const ServiceHttp&) = delete;

    HttpResponse send(const HttpRequest& request) override;
    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override;

    /// Sends and throws describe_status() for answers that are neither 2xx nor among `accepted`.
    HttpResponse require(const HttpRequest& request, std::initializer_list<int> accepted = {});

    /// As RedirectingHttp::trust_leader().
    void trust_leader(std::string_view url);

    /// The endpoint that is asked next: after an answer the one that gave it.
    [[nodiscard]] const std::string& endpoint() const;

    /// "elasticsearch", for messages.
    [[nodiscard]] const std::string& name() const;

 private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace caretaker
