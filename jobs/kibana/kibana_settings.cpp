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

#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::vector<NamePattern> load_patterns(const Settings& settings, std::string_view key) {
    std::vector<NamePattern> patterns;
    for (const std::string& text : settings.texts(key)) {
        NamePatternResult result = NamePattern::parse(text);
        if (!result.pattern) {
            throw UsageError(fmt::format("{}: '{}': {}", key, text, result.error));
        }
        patterns.push_back(std::move(*result.pattern));
    }
    return patterns;
}

std::vector<std::string> load_addresses(const Settings& settings, std::string_view key) {
    std::vector<std::string> addresses = settings.texts(key);
    for (std::string& address : addresses) {
        const auto url = parse_url(address);
        if (!url || (url->scheme != "http" && url->scheme != "https") || url->has_userinfo) {
            throw UsageError(fmt::format(
                "{}: '{}' is no address; write http://HOST:PORT or https://HOST:PORT, without a "
                "user",
                key,
                redact_url(address)));
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

void check_index(const std::string& index) {
    if (index.find_first_of(" /?#%\"<>|\\") != std::string::npos) {
        throw UsageError(fmt::format(
            "kibana.access_log.index: '{}' is no name of indices; write access-* or the like",
            index));
    }
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
        .apps = load_patterns(settings, "kibana.apps"),
        .protected_apps = load_patterns(settings, "kibana.protect"),
        .access_log = load_log_rules(settings),
        .background = {.extra_per_minute =
                           static_cast<double>(settings.integer("kibana.ops.extra_per_minute")),
                       .slack = settings.integer("kibana.ops.slack"),
                       .connections = settings.integer("kibana.ops.connections")},
        .proxies = load_addresses(settings, "kibana.proxies"),
        .webhooks = load_addresses(settings, "kibana.webhook.urls"),
        .webhook_secret = read_secret(settings, "kibana.webhook.secret").value_or(""),
        .base_path = settings.text("kibana.base_path"),
        .scheme = settings.text("kibana.scheme"),
        .marathon = load_http_options(
            settings, target, "marathon", {.name = "--marathon-url", .urls = marathon_urls}),
        .kibana = load_kibana_http(settings, target)};
    if (!result.base_path.empty() &&
        (!result.base_path.starts_with('/') || result.base_path.ends_with('/'))) {
        throw UsageError(
            fmt::format("kibana.base_path: '{}' does not begin with a slash, or ends with one",
                        result.base_path));
    }
    if (!result.webhook_secret.empty()) {
        static_cast<void>(hmac_sha256(result.webhook_secret, ""));  // shows whether it can be done
    }
    if (!result.access_log.index.empty()) {
        check_index(result.access_log.index);
        result.search = load_http_options(settings, target, "elasticsearch");
    }
    return result;
}

}  // namespace caretaker
