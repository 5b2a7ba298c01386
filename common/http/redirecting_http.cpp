// SPDX-License-Identifier: Apache-2.0
#include "common/http/redirecting_http.hpp"

#include "common/http/send_rounds.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t max_redirects = 5;

HttpError redirect_error(RemoteFailure failure, const char* code, const std::string& message) {
    return {
        HttpFault::redirect, failure, code, message, {.request_sent = true, .answer_begun = true}};
}

std::string request_words(std::string_view service, const HttpRequest& request) {
    return redact(fmt::format("{}: {} {}", service, to_string(request.method), request.url), {});
}

}  // namespace

void RedirectingHttp::trust_leader(std::string_view url) {
    if (const auto leader = parse_url(url)) {
        policy_.leaders.insert(leader->host);
    }
}

HttpResponse RedirectingHttp::send(const HttpRequest& request) {
    check_address(request);
    HttpResponse response = inner_.send(request);
    if (!is_redirect(response)) {
        return response;
    }
    Journey journey{.request = request};
    while (is_redirect(response)) {
        go_on(journey, response);
        response = inner_.send(journey.request);
    }
    return response;
}

void RedirectingHttp::send_all(std::span<const HttpRequest> requests,
                               std::size_t max_parallel,
                               const HttpOnOutcome& on_outcome) {
    std::vector<Journey> journeys;
    journeys.reserve(requests.size());
    for (const HttpRequest& request : requests) {
        check_address(request);
        journeys.push_back({.request = request});
    }
    const SendRules rules{
        .request = [&](std::size_t index) { return journeys[index].request; },
        .again =
            [&](std::size_t index, HttpOutcome& outcome) {
                const auto* response = std::get_if<HttpResponse>(&outcome);
                if (response == nullptr || !is_redirect(*response)) {
                    return false;
                }
                // One of many: its refusal is its outcome.
                try {
                    go_on(journeys[index], *response);
                    return true;
                } catch (const HttpError& error) {
                    outcome = error;
                    return false;
                }
            },
    };
    send_in_rounds(inner_, requests.size(), max_parallel, rules, on_outcome);
}

void RedirectingHttp::check_address(const HttpRequest& request) const {
    const auto to = parse_url(request.url);
    if (!to || policy_.hosts.empty()) {
        return;  // what is no URL is the inner client's to refuse
    }
    if (const auto reason = address_refusal(policy_, request, *to)) {
        throw redirect_error(
            RemoteFailure::denied,
            "redirect_refused",
            fmt::format("{}: not sent: {}", request_words(service_, request), *reason));
    }
}

void RedirectingHttp::go_on(Journey& journey, const HttpResponse& response) const {
    const std::string words = request_words(service_, journey.request);
    const std::string location(response.header("Location"));
    const auto from = parse_url(journey.request.url);
    const auto to = from ? resolve_location(*from, location) : std::nullopt;
    if (!to) {
        throw redirect_error(
            RemoteFailure::failed,
            "redirect_refused",
            fmt::format("{}: redirected to '{}', which is no address; look at the service",
                        words,
                        redact(location, {})));
    }
    if (const auto reason = redirect_refusal(policy_, journey.request, *from, *to)) {
        throw redirect_error(
            RemoteFailure::denied,
            "redirect_refused",
            fmt::format("{}: redirected to {}: {}", words, redact(format_url(*to), {}), *reason));
    }
    journey.seen.insert(journey.request.url);
    journey.request = redirected(journey.request, response.status, *to);
    if (journey.seen.contains(journey.request.url) || journey.seen.size() > max_redirects) {
        throw redirect_error(
            RemoteFailure::failed,
            "redirect_loop",
            fmt::format("{}: redirected in a circle or more than {} times, last to {}; try again "
                        "when the service has a leader",
                        words,
                        max_redirects,
                        redact(journey.request.url, {})));
    }
}

}  // namespace caretaker
