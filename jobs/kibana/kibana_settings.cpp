// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_settings.hpp"

#include "common/base/error.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/secret_setting.hpp"
#include "common/config/settings.hpp"
#include "common/http/hmac_sha256.hpp"
#include "common/http/url.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::string pattern_problem(std::string_view text) {
    const std::string error = NamePattern::parse(text).error;
    return error.empty() ? error : fmt::format("'{}': {}", text, error);
}

std::string address_problem(std::string_view text) {
    const auto url = parse_url(text);
    const bool right = url && (url->scheme == "http" || url->scheme == "https");
    return right && !url->has_userinfo
               ? std::string()
               : fmt::format(
                     "'{}' is no address; write http://HOST:PORT or https://HOST:PORT, without a "
                     "user",
                     redact_url(text));
}

std::string base_path_problem(std::string_view path) {
    return path.empty() || (path.starts_with('/') && !path.ends_with('/'))
               ? std::string()
               : fmt::format("'{}' does not begin with a slash, or ends with one", path);
}

std::string index_problem(std::string_view index) {
    return index.find_first_of(" /?#%\"<>|\\") == std::string_view::npos
               ? std::string()
               : fmt::format("'{}' is no name of indices; write access-* or the like", index);
}

constexpr std::array<std::string_view, 2> pattern_keys{"kibana.apps", "kibana.protect"};
constexpr std::array<std::string_view, 2> address_keys{"kibana.proxies", "kibana.webhook.urls"};
constexpr std::string_view base_path_key = "kibana.base_path";
constexpr std::string_view index_key = "kibana.access_log.index";

std::vector<NamePattern> load_patterns(const Settings& settings, std::string_view key) {
    std::vector<NamePattern> patterns;
    for (const std::string& text : settings.texts(key)) {
        if (const std::string problem = pattern_problem(text); !problem.empty()) {
            throw UsageError(fmt::format("{}: {}", key, problem));
        }
        patterns.push_back(*NamePattern::parse(text).pattern);
    }
    return patterns;
}

std::vector<std::string> load_addresses(const Settings& settings, std::string_view key) {
    std::vector<std::string> addresses = settings.texts(key);
    for (std::string& address : addresses) {
        if (const std::string problem = address_problem(address); !problem.empty()) {
            throw UsageError(fmt::format("{}: {}", key, problem));
        }
        while (address.ends_with('/')) {
            address.pop_back();
        }
    }
    return addresses;
}

KibanaPolicy load_policy(const Settings& settings) {
    return {.idle_after = settings.duration("kibana.idle_after"),
            .warn_before = settings.duration("kibana.warn_before"),
            .destroy_after = settings.duration("kibana.destroy_after"),
            .destroy_warn_before = settings.duration("kibana.destroy_warn_before"),
            .min_age = settings.duration("kibana.min_age"),
            .max_uncovered = settings.integer("kibana.max_uncovered"),
            .max_staleness = settings.duration("kibana.max_staleness"),
            .batch = settings.integer("kibana.batch"),
            .destroy_batch = settings.integer("kibana.destroy_batch"),
            .max_percent = settings.integer("kibana.max_percent"),
            .require_notice = settings.flag("kibana.require_notice"),
            .adopt_suspended = settings.flag("kibana.adopt_suspended")};
}

AccessLogRules load_log_rules(const Settings& settings) {
    return {.index = settings.text("kibana.access_log.index"),
            .time_field = settings.text("kibana.access_log.time_field"),
            .app_field = settings.text("kibana.access_log.app_field"),
            .lag = settings.duration("kibana.access_log.lag"),
            .min_docs_per_hour = settings.integer("kibana.access_log.min_docs_per_hour"),
            .exclude_agents = settings.texts("kibana.access_log.exclude_agents"),
            .exclude_paths = settings.texts("kibana.access_log.exclude_paths"),
            .exclude_clients = settings.texts("kibana.access_log.exclude_clients"),
            .ignore_system_requests = settings.flag("kibana.access_log.ignore_system_requests")};
}

}  // namespace

HttpOptions load_kibana_http(const Settings& settings, const std::string& target) {
    const std::vector<std::string> urls{"http://kibana"};
    return load_http_options(settings, target, "kibana", {.name = "kibana", .urls = urls}).http;
}

KibanaSettings load_kibana_settings(const Settings& settings,
                                    const std::string& target,
                                    const std::vector<std::string>& marathon_urls) {
    KibanaSettings result{
        .policy = load_policy(settings),
        .apps = load_patterns(settings, pattern_keys[0]),
        .protected_apps = load_patterns(settings, pattern_keys[1]),
        .access_log = load_log_rules(settings),
        .background = {.extra_per_minute =
                           static_cast<double>(settings.integer("kibana.ops.extra_per_minute")),
                       .slack = settings.integer("kibana.ops.slack"),
                       .connections = settings.integer("kibana.ops.connections")},
        .proxies = load_addresses(settings, address_keys[0]),
        .webhooks = load_addresses(settings, address_keys[1]),
        .webhook_secret = read_secret(settings, "kibana.webhook.secret").value_or(""),
        .base_path = settings.text("kibana.base_path"),
        .scheme = settings.text("kibana.scheme"),
        .marathon = load_http_options(
            settings, target, "marathon", {.name = "--marathon-url", .urls = marathon_urls}),
        .kibana = load_kibana_http(settings, target)};
    if (const std::string problem = base_path_problem(result.base_path); !problem.empty()) {
        throw UsageError(fmt::format("{}: {}", base_path_key, problem));
    }
    if (!result.webhook_secret.empty()) {
        static_cast<void>(hmac_sha256(result.webhook_secret, ""));  // shows whether it can be done
    }
    if (!result.access_log.index.empty()) {
        if (const std::string problem = index_problem(result.access_log.index); !problem.empty()) {
            throw UsageError(fmt::format("{}: {}", index_key, problem));
        }
        result.search = load_http_options(settings, target, "elasticsearch");
    }
    return result;
}

std::vector<ValueRule> kibana_value_rules() {
    std::vector<ValueRule> rules{
        {.key = std::string(base_path_key),
         .problem = [](auto text, auto) { return base_path_problem(text); }},
        {.key = std::string(index_key),
         .problem = [](auto text, auto) { return index_problem(text); }}};
    for (const std::string_view key : pattern_keys) {
        rules.push_back({.key = std::string(key),
                         .problem = [](auto text, auto) { return pattern_problem(text); }});
    }
    for (const std::string_view key : address_keys) {
        rules.push_back({.key = std::string(key),
                         .problem = [](auto text, auto) { return address_problem(text); }});
    }
    return rules;
}

}  // namespace caretaker
