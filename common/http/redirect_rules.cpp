// SPDX-License-Identifier: Apache-2.0
#include "common/http/redirect_rules.hpp"

#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

bool is_web(const Url& url) {
    return url.scheme == "http" || url.scheme == "https";
}

bool is_known(const RedirectPolicy& policy, const Url& to) {
    return policy.hosts.contains(to.host) || policy.leaders.contains(to.host);
}

bool carries_credentials(const RedirectPolicy& policy, const HttpRequest& request) {
    return policy.has_credentials ||
           std::ranges::any_of(request.headers, [](const HttpHeader& header) {
               return is_secret_name(header.name);
           });
}

bool is_in_domain(const RedirectPolicy& policy, const Url& to) {
    return std::ranges::any_of(
        policy.hosts, [&](const std::string& host) { return is_same_domain(host, to.host); });
}

std::optional<std::string> host_refusal(const RedirectPolicy& policy,
                                        const HttpRequest& request,
                                        const Url& to,
                                        bool by_redirect) {
    if (effect_of(request) != HttpEffect::read && !is_known(policy, to)) {
        return fmt::format(
            "a change goes to listed hosts alone; if {} belongs to the service, list it in urls",
            to.host);
    }
    if (!carries_credentials(policy, request)) {
        return std::nullopt;
    }
    if (by_redirect && policy.auth == RedirectAuth::never) {
        return "redirect_auth is never: credentials follow no redirect; list the address that it "
               "leads to";
    }
    const bool allowed = is_known(policy, to) ||
                         (policy.auth == RedirectAuth::same_domain && is_in_domain(policy, to));
    if (allowed) {
        return std::nullopt;
    }
    return fmt::format(
        "credentials go to listed hosts alone; if {} belongs to the service, list it in urls or "
        "set redirect_auth: same-domain",
        to.host);
}

}  // namespace

std::optional<RedirectAuth> parse_redirect_auth(std::string_view word) {
    if (word == "listed") {
        return RedirectAuth::listed;
    }
    if (word == "same-domain") {
        return RedirectAuth::same_domain;
    }
    if (word == "never") {
        return RedirectAuth::never;
    }
    return std::nullopt;
}

bool is_redirect(const HttpResponse& response) {
    switch (response.status) {
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return !response.header("Location").empty();
        default:
            return false;
    }
}

std::optional<std::string> redirect_refusal(const RedirectPolicy& policy,
                                            const HttpRequest& request,
                                            const Url& from,
                                            const Url& to) {
    if (!is_web(to)) {
        return fmt::format("only http and https are followed, not {}; look at the service",
                           to.scheme);
    }
    if (from.scheme == "https" && to.scheme == "http") {
        return "from https to http is not followed; list the address with http if that is meant";
    }
    if (from.scheme == to.scheme && from.host == to.host && from.port == to.port) {
        return std::nullopt;
    }
    return host_refusal(policy, request, to, true);
}

std::optional<std::string> address_refusal(const RedirectPolicy& policy,
                                           const HttpRequest& request,
                                           const Url& to) {
    if (!is_web(to)) {
        return fmt::format("only http and https are spoken, not {}", to.scheme);
    }
    return host_refusal(policy, request, to, false);
}

HttpRequest redirected(const HttpRequest& request, int status, const Url& to) {
    HttpRequest next = request;
    next.url = format_url(to);
    if (status == 303 && request.method != HttpMethod::head) {
        next.method = HttpMethod::get;
        next.effect = HttpEffect::read;  // the change was done, this fetches its result
        next.body.clear();
        next.open_body = nullptr;
        std::erase_if(next.headers, [](const HttpHeader& header) {
            return !find_header({&header, 1}, "Content-Type").empty();
        });
    }
    return next;
}

}  // namespace caretaker
