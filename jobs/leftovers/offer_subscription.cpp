// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/offer_subscription.hpp"

#include "common/output/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

/// {1, 9} of "1.9.0-rc1".
std::optional<std::pair<int, int>> parse_minor_version(std::string_view text) {
    std::pair<int, int> version;
    const char* const end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.first);
    if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') {
        return std::nullopt;
    }
    const auto minor = std::from_chars(major.ptr + 1, end, version.second);
    return minor.ec == std::errc{} ? std::optional(version) : std::nullopt;
}

}  // namespace

std::vector<std::string_view> offer_capabilities(std::string_view version) {
    struct Known {
        std::string_view name;
        std::pair<int, int> since;
    };

    static constexpr std::array known{Known{"REVOCABLE_RESOURCES", {0, 26}},
                                      Known{"GPU_RESOURCES", {1, 0}},
                                      Known{"SHARED_RESOURCES", {1, 1}},
                                      Known{"PARTITION_AWARE", {1, 1}},
                                      Known{"MULTI_ROLE", {1, 2}},
                                      Known{"RESERVATION_REFINEMENT", {1, 4}},
                                      Known{"REGION_AWARE", {1, 5}}};
    const auto parsed = parse_minor_version(version);
    std::vector<std::string_view> names;
    for (const Known& capability : known) {
        if (!parsed || *parsed >= capability.since) {
            names.push_back(capability.name);
        }
    }
    return names;
}

std::string format_subscription(const OfferProbeOptions& options) {
    const bool has_roles =
        std::ranges::find(options.capabilities, "MULTI_ROLE") != options.capabilities.end();
    JsonWriter json;
    json.begin_object();
    json.member("type", "SUBSCRIBE");
    json.key("subscribe");
    json.begin_object();
    json.key("framework_info");
    json.begin_object();
    json.member("user", "nobody");
    json.member("name", options.name);
    if (!options.principal.empty()) {
        json.member("principal", options.principal);
    }
    json.member("failover_timeout", 0);
    json.member("checkpoint", false);
    if (has_roles) {
        json.key("roles");
        json.begin_array();
        for (const std::string& role : options.roles) {
            json.value(role);
        }
        json.end_array();
    } else if (!options.roles.empty()) {
        json.member("role", options.roles.front());
    }
    json.key("capabilities");
    json.begin_array();
    for (const std::string_view name : options.capabilities) {
        json.begin_object();
        json.member("type", name);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

}  // namespace caretaker
