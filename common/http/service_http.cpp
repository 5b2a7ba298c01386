// SPDX-License-Identifier: Apache-2.0
#include "common/http/service_http.hpp"

#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/http/dry_run_guard.hpp"
#include "common/http/endpoint_http.hpp"
#include "common/http/http_status.hpp"
#include "common/http/http_tally.hpp"
#include "common/http/observed_http.hpp"
#include "common/http/redirecting_http.hpp"
#include "common/http/retrying_http.hpp"
#include "common/http/url.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace caretaker {

namespace {

HttpOptions with_identity(HttpOptions options, const RunInfo& run, Log& log) {
    options.user_agent = fmt::format("caretaker/{} ({}; {})", run.version, run.job, run.uid);
    if (options.service == "elasticsearch") {
        options.headers.push_back({"X-Opaque-Id", run.uid});
    }
    if (log.shows(LogLevel::trace)) {
        options.trace = [&log](std::string_view line) { log.trace(line); };
    }
    return options;
}

RedirectPolicy redirect_policy(const ServiceOptions& options) {
    RedirectPolicy policy{.auth = options.redirect_auth,
                          .has_credentials = has_credentials(options.http)};
    for (const std::string& endpoint : options.endpoints) {
        if (const auto url = parse_url(endpoint)) {
            policy.hosts.insert(url->host);
        }
    }
    return policy;
}

/// Between 0 and 1; another one in each process, so that many runs do not knock in step.
std::function<double()> random_jitter() {
    return [engine = std::mt19937(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0, 1)(engine);
    };
}

RetryOptions retry_options(const Context& context, HttpTally& tally, const HttpOptions& http) {
    RetryOptions options{.deadline = context.deadline, .jitter = random_jitter()};
    options.on_retry =
        [&log = context.log, &tally, service = http.service, secrets = secrets_of(http)](
            const HttpRequest& request,
            const HttpOutcome& outcome,
            std::chrono::milliseconds pause) {
            tally.add_retry();
            const auto* response = std::get_if<HttpResponse>(&outcome);
            log.debug(redact(fmt::format("{}: {} {} will be sent again",
                                         service,
                                         to_string(request.method),
                                         request.url),
                             secrets),
                      {{"after_ms", std::to_string(pause.count())},
                       {"because",
                        response == nullptr ? std::get<HttpError>(outcome).code()
                                            : std::to_string(response->status)}});
        };
    return options;
}

}  // namespace

struct ServiceHttp::Parts {
    Parts(const ServiceOptions& options, Context& context)
        : tally(context.http_tally != nullptr ? *context.http_tally : uncounted),
          http(with_identity(options.http, context.run, context.log)),
          wire(context.connect.http(http, context.stop)),
          observed(*wire, http, tally, context.clock, context.log),
          redirecting(observed, redirect_policy(options), http.service),
          endpoint(redirecting, options.endpoints, context.run.uid),
          retrying(endpoint, retry_options(context, tally, http), context.clock, context.stop),
          guard(retrying),
          outermost(context.run.dry_run ? static_cast<HttpClient&>(guard) : retrying) {}

    HttpTally uncounted{};
    HttpTally& tally;
    HttpOptions http;
    std::unique_ptr<HttpClient> wire;
    ObservedHttp observed;
    RedirectingHttp redirecting;
    EndpointHttp endpoint;
    RetryingHttp retrying;
    DryRunGuard guard;
    HttpClient& outermost;
};

ServiceHttp::ServiceHttp(const ServiceOptions& options, Context& context)
    : parts_(std::make_unique<Parts>(options, context)) {
    for (const std::string& warning : options.warnings) {
        context.log.warning(warning);
    }
    const HttpOptions& http = options.http;
    context.log.debug(fmt::format("{}: begins at {}", http.service, endpoint()),
                      {{"endpoints", std::to_string(options.endpoints.size())},
                       {"proxy", http.proxy.empty() ? "environment" : redact_url(http.proxy)}});
    if (options.http.insecure) {
        parts_->tally.add_unverified(options.http.service);
        context.log.warning(fmt::format(
            "{}: the server's certificate is not verified (insecure: true)", options.http.service));
    }
}

ServiceHttp::~ServiceHttp() = default;

HttpResponse ServiceHttp::send(const HttpRequest& request) {
    return parts_->outermost.send(request);
}

void ServiceHttp::send_all(std::span<const HttpRequest> requests,
                           std::size_t max_parallel,
                           const HttpOnOutcome& on_outcome) {
    parts_->outermost.send_all(requests, max_parallel, on_outcome);
}

HttpResponse ServiceHttp::require(const HttpRequest& request, std::initializer_list<int> accepted) {
    HttpResponse response = send(request);
    if (!response.ok() && std::ranges::find(accepted, response.status) == accepted.end()) {
        throw describe_status(name(), request, response, secrets_of(parts_->http));
    }
    return response;
}

void ServiceHttp::trust_leader(std::string_view url) {
    parts_->redirecting.trust_leader(url);
}

const std::string& ServiceHttp::endpoint() const {
    return parts_->endpoint.current();
}

const std::string& ServiceHttp::name() const {
    return parts_->http.service;
}

}  // namespace caretaker
