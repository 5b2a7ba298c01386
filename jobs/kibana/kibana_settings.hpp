// SPDX-License-Identifier: Apache-2.0
// The section `kibana` of the configuration, as the job uses it.
#pragma once

#include "common/config/value_rule.hpp"
#include "common/http/service_http.hpp"
#include "common/text/name_pattern.hpp"
#include "jobs/kibana/access_log_model.hpp"
#include "jobs/kibana/kibana_policy.hpp"
#include "jobs/kibana/kibana_status_model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class Settings;

struct KibanaSettings {
    KibanaPolicy policy{};
    std::vector<NamePattern> apps{};
    std::vector<NamePattern> protected_apps{};
    AccessLogRules access_log{};
    BackgroundRules background{};
    std::vector<std::string> proxies{};   // base addresses
    std::vector<std::string> webhooks{};  // addresses
    std::string webhook_secret{};         // empty: events are not signed
    std::string base_path{};
    std::string scheme{"http"};
    ServiceOptions marathon{};
    std::optional<ServiceOptions> search{};  // where the access log is
    HttpOptions kibana{};                    // user and TLS of the Kibanas
};

/// User and TLS alone: where each Kibana is, Marathon says, or the command line. Throws UsageError.
HttpOptions load_kibana_http(const Settings& settings, const std::string& target);

/// Throws UsageError for the first thing that is wrong.
KibanaSettings load_kibana_settings(const Settings& settings,
                                    const std::string& target,
                                    const std::vector<std::string>& marathon_urls);

/// What the patterns and addresses of that section must be.
std::vector<ValueRule> kibana_value_rules();

}  // namespace caretaker
