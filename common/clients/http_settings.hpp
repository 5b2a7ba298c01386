// SPDX-License-Identifier: Apache-2.0
// From the settings of a target's service to its client.
#pragma once

#include "common/config/settings.hpp"
#include "common/config/value_rule.hpp"
#include "common/http/service_http.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Addresses from the command line, which stand in for `urls`.
struct UrlFlags {
    std::string_view name{"--url"};  // for messages
    std::span<const std::string> urls{};
};

/// The options of `service` ("elasticsearch", "mesos", …) in `target`, from the keys
/// targets.<target>.<service>.*; files of secrets and certificates are read or looked at now, so
/// that a run does not begin without them. Throws UsageError for the first thing that is wrong or
/// missing, with its key and what to write.
ServiceOptions load_http_options(const Settings& settings,
                                 std::string_view target,
                                 std::string_view service,
                                 const UrlFlags& flags = {});

/// The same of a service that belongs to no target, from the keys `section`.*; `urls` must be set.
ServiceOptions load_section_http_options(const Settings& settings,
                                         std::string_view section,
                                         std::string_view service);

/// What the values of those keys must be, of all services and of `outbox.elasticsearch`. That a
/// file can be read is no rule: the host where a configuration is checked need not be the one where
/// it is used.
std::vector<ValueRule> http_value_rules();

/// What is wrong with an address of a service, and what to write instead; empty when nothing is.
std::string service_url_problem(std::string_view text);

}  // namespace caretaker
