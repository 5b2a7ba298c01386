// SPDX-License-Identifier: Apache-2.0
#include "common/http/retry_rules.hpp"

#include "common/http/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds longest_wait{10'000};
constexpr std::chrono::milliseconds first_wait{250};
constexpr std::chrono::milliseconds longest_retry_after{60'000};

bool is_gateway_failure(int status) {
    return status == 502 || status == 503 || status == 504;
}

bool may_send_again(HttpEffect effect, const HttpError& error) {
    switch (error.fault()) {
        case HttpFault::connect:
            return true;
        case HttpFault::timeout:
        case HttpFault::stall:
            return effect == HttpEffect::read;
        case HttpFault::cut:
            return effect == HttpEffect::read || !error.progress().request_sent ||
                   (effect == HttpEffect::repeatable_change && !error.progress().answer_begun);
        case HttpFault::too_large:
        case HttpFault::tls:
        case HttpFault::not_http:
        case HttpFault::redirect:
        case HttpFault::other:
            break;
    }
    return false;
}

bool may_send_again(HttpEffect effect, int status) {
    if (status == 429 || is_gateway_failure(status)) {
        return effect != HttpEffect::single_change;
    }
    return status == 500 && effect == HttpEffect::read;
}

}  // namespace

bool may_send_again(HttpEffect effect, const HttpOutcome& outcome) {
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        return may_send_again(effect, *error);
    }
    return may_send_again(effect, std::get<HttpResponse>(outcome).status);
}

bool is_endpoint_failure(const HttpOutcome& outcome) {
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        const HttpFault fault = error->fault();
        return fault == HttpFault::connect || fault == HttpFault::timeout ||
               fault == HttpFault::stall || fault == HttpFault::cut;
    }
    return is_gateway_failure(std::get<HttpResponse>(outcome).status);
}

bool may_have_arrived(const HttpOutcome& outcome) {
    const auto* error = std::get_if<HttpError>(&outcome);
    return error == nullptr || error->progress().request_sent;
}

void note_done_before(const HttpRequest& request, bool arrived_before, HttpOutcome& outcome) {
    auto* response = std::get_if<HttpResponse>(&outcome);
    if (response != nullptr && arrived_before && request.method == HttpMethod::del &&
        response->status == 404) {
        response->done_before = true;
    }
}

std::chrono::milliseconds retry_wait(int tries_done,
                                     double jitter,
                                     std::optional<std::chrono::milliseconds> retry_after) {
    if (retry_after) {
        return std::clamp(*retry_after, std::chrono::milliseconds(0), longest_retry_after);
    }
    constexpr int most_doublings = 10;  // far beyond longest_wait already
    const auto longest =
        std::min(longest_wait, first_wait * (1 << std::clamp(tries_done, 0, most_doublings)));
    return std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::duration<double, std::milli>(longest) * std::clamp(jitter, 0.0, 1.0));
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text, WallTime now) {
    if (text.find_first_not_of("0123456789") == std::string_view::npos && !text.empty()) {
        std::int64_t seconds = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (error != std::errc{} || seconds > longest_retry_after.count()) {
            return longest_retry_after;
        }
        return std::chrono::seconds(seconds);
    }
    const auto date = parse_http_date(text);
    if (!date) {
        return std::nullopt;
    }
    return std::max(std::chrono::milliseconds(0), WallTime(*date) - now);
}

}  // namespace caretaker
