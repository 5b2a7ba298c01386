// SPDX-License-Identifier: Apache-2.0
#include "common/http/http_tally.hpp"

#include "common/base/metric_builders.hpp"
#include "common/http/url.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr std::chrono::days soon{14};

bool is_error(const HttpOutcome& outcome) {
    const auto* response = std::get_if<HttpResponse>(&outcome);
    return response == nullptr || response->status == 429 || response->status >= 500;
}

}  // namespace

void HttpTally::add_outcome(const std::string& service,
                            const HttpRequest& request,
                            const HttpOutcome& outcome) {
    errors_ += is_error(outcome) ? 1 : 0;
    const auto* response = std::get_if<HttpResponse>(&outcome);
    const auto url = parse_url(request.url);
    if (response != nullptr && response->certificate && url) {
        certificates_[{service, fmt::format("{}:{}", url->host, url->port)}] =
            *response->certificate;
    }
}

void HttpTally::add_unverified(const std::string& service) {
    unverified_[service] = true;
}

void HttpTally::add_to(Report& report, WallTime now) const {
    report.metrics.push_back(make_counter("http.requests", requests_));
    report.metrics.push_back(make_counter("http.errors", errors_));
    report.metrics.push_back(make_counter("http.retries", retries_));
    for (const auto& [server, certificate] : certificates_) {
        if (!certificate.ends_at || *certificate.ends_at > now + soon) {
            continue;
        }
        const std::string end = format_rfc3339(*certificate.ends_at);
        report.findings.push_back(
            {.code = "tls_certificate_ends",
             .subject = fmt::format("{} {}", server.first, server.second),
             .message = fmt::format("the certificate of {} (subject {}) ends at {}; renew it",
                                    server.second,
                                    certificate.subject,
                                    end),
             .severity = Severity::low,
             .data = {{"subject", certificate.subject},
                      {"issuer", certificate.issuer},
                      {"ends_at", end}}});
    }
    for (const auto& [service, yes] : unverified_) {
        report.findings.push_back(
            {.code = "tls_unverified",
             .subject = service,
             .message = fmt::format("the certificate of {} is not verified (insecure: true), so "
                                    "anyone may answer; give its CA by ca_file",
                                    service),
             .severity = Severity::info});
    }
}

}  // namespace caretaker
