// SPDX-License-Identifier: Apache-2.0
#include "common/http/http.hpp"

#include "common/text/ascii.hpp"
#include "common/text/base64.hpp"
#include "common/text/redact.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace caretaker {

std::string_view to_string(HttpMethod method) {
    static constexpr std::array<std::string_view, 6> words{
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    return words.at(static_cast<std::size_t>(method));
}

std::string_view find_header(std::span<const HttpHeader> headers, std::string_view name) {
    const std::string wanted = ascii_lower(name);
    for (const HttpHeader& candidate : headers) {
        if (ascii_lower(candidate.name) == wanted) {
            return candidate.value;
        }
    }
    return {};
}

bool is_http_header(const HttpHeader& header) {
    constexpr std::string_view forbidden("\r\n\0", 3);
    return !header.name.empty() && header.name.find(':') == std::string::npos &&
           header.name.find_first_of(forbidden) == std::string::npos &&
           header.value.find_first_of(forbidden) == std::string::npos;
}

HttpEffect effect_of(const HttpRequest& request) {
    if (request.effect != HttpEffect::by_method) {
        return request.effect;
    }
    switch (request.method) {
        case HttpMethod::get:
        case HttpMethod::head:
            return HttpEffect::read;
        case HttpMethod::put:
        case HttpMethod::del:
            return HttpEffect::repeatable_change;
        case HttpMethod::post:
        case HttpMethod::patch:
            break;
    }
    return HttpEffect::single_change;
}

bool has_credentials(const HttpOptions& options) {
    return !options.user.empty() || !options.token.empty() ||
           std::ranges::any_of(options.headers, [](const HttpHeader& header) {
               return is_secret_name(header.name);
           });
}

std::vector<std::string> secrets_of(const HttpOptions& options) {
    std::vector<std::string> secrets{options.password, options.token};
    if (!options.password.empty()) {
        secrets.push_back(encode_base64(options.user + ":" + options.password));
    }
    for (const HttpHeader& header : options.headers) {
        if (is_secret_name(header.name)) {
            secrets.push_back(header.value);
        }
    }
    return secrets;
}

void HttpClient::send_all(std::span<const HttpRequest> requests,
                          std::size_t /*max_parallel*/,
                          const HttpOnOutcome& on_outcome) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
        on_outcome(i, try_send(*this, requests[i]));
    }
}

HttpOutcome try_send(HttpClient& client, const HttpRequest& request) {
    // One of the places where an error is a value: who retries, moves on to another endpoint or
    // sends many requests goes on after it.
    try {
        return client.send(request);
    } catch (const HttpError& error) {
        return error;
    }
}

HttpResponse take_answer(HttpOutcome outcome) {
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        throw HttpError(*error);
    }
    return std::get<HttpResponse>(std::move(outcome));
}

}  // namespace caretaker
