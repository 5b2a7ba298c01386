// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/mount_plan.hpp"

#include "common/output/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace caretaker {

std::string why_not_mountable(const IndexFacts& index, const MountedSnapshot* mounted) {
    if (!index.rare->lifecycle.empty()) {
        return fmt::format("it is under the {}", index.describe_lifecycle());
    }
    if (mounted == nullptr || mounted->snapshot.empty() || mounted->repository.empty() ||
        mounted->source.empty()) {
        return "it is not mounted from a snapshot";
    }
    return mounted->is_partial ? "it is mounted in part already" : std::string();
}

std::string frozen_tiers(std::span<const ClusterNode> nodes) {
    const auto has = [&](std::string_view role) {
        return std::ranges::any_of(nodes,
                                   [&](const ClusterNode& node) { return node.has_role(role); });
    };
    if (has("data_frozen")) {
        return "data_frozen";
    }
    std::string tiers;
    for (const std::string_view role :
         std::array<std::string_view, 3>{"data_cold", "data_warm", "data_hot"}) {
        if (has(role)) {
            tiers += tiers.empty() ? "" : ",";
            tiers += role;
        }
    }
    return tiers.empty() ? "data_content" : tiers;
}

std::string mount_body(const CheckedOptions& options,
                       const MountItem& item,
                       const std::string& tiers) {
    JsonWriter json;
    json.begin_object();
    json.member("index", item.snapshot.source);
    json.member("renamed_index", item.target);
    json.key("ignore_index_settings");
    json.begin_array();
    if (options.is_given("ignore_index_settings")) {
        for (const std::string& setting : options.texts("ignore_index_settings")) {
            json.value(setting);
        }
    } else {
        json.value("index.refresh_interval");
    }
    json.end_array();
    json.end_object();
    std::string body(json.text());
    const CuratorValue* settings = options.find("index_settings");
    std::string wanted;
    if (settings != nullptr && !settings->keys.empty()) {
        wanted = to_json(*settings);
    } else {
        JsonWriter preference;
        preference.begin_object();
        preference.member("routing.allocation.include._tier_preference", tiers);
        preference.end_object();
        wanted = preference.text();
    }
    body.pop_back();
    return body + R"(,"index_settings":)" + wanted + "}";
}

}  // namespace caretaker
