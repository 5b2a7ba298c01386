// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/node_reader.hpp"

#include "common/json/json_document.hpp"
#include "jobs/rotate/search_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace caretaker {

std::vector<ClusterNode> fetch_nodes(SearchCluster& cluster) {
    std::vector<ClusterNode> nodes;
    read_elements(
        cluster.http(),
        {.url = "/_nodes/stats/fs?filter_path=nodes.*.name,nodes.*.roles,nodes.*.fs.total"},
        "/nodes/*",
        [&] { nodes.clear(); },
        [&](const JsonElement& element) {
            ClusterNode node{.name = std::string(text_in(element.value, "name"))};
            if (const auto roles = element.value.find("roles")) {
                for (const JsonView& role : roles->elements()) {
                    node.roles.emplace_back(role.text());
                }
            }
            const auto disks = element.value.find("fs");
            if (const auto total = disks ? disks->find("total") : std::nullopt) {
                node.total_bytes = number_in(*total, "total_in_bytes");
                node.available_bytes = number_in(*total, "available_in_bytes");
            }
            nodes.push_back(std::move(node));
        });
    std::ranges::sort(nodes, {}, &ClusterNode::name);
    return nodes;
}

std::vector<ShardCopy> fetch_shard_copies(SearchCluster& cluster, const std::string& names) {
    std::vector<ShardCopy> copies;
    read_elements(
        cluster.http(),
        {.url = fmt::format("/_cat/shards{}{}?format=json&bytes=b&h=index,shard,state,store,node",
                            names.empty() ? "" : "/",
                            names)},
        "/*",
        [&] { copies.clear(); },
        [&](const JsonElement& element) {
            const std::string_view node = text_in(element.value, "node");
            copies.push_back(
                {.index = std::string(text_in(element.value, "index")),
                 .shard = static_cast<int>(number_in(element.value, "shard").value_or(0)),
                 .is_started = text_in(element.value, "state") == "STARTED",
                 // Of one that moves: "n1 -> 10.0.0.2 id n2".
                 .node = std::string(node.substr(0, node.find(" -> "))),
                 .bytes = number_in(element.value, "store").value_or(0)});
        });
    return copies;
}

Watermarks fetch_watermarks(SearchCluster& cluster) {
    constexpr std::string_view before = "cluster.routing.allocation.disk.";
    const std::string path = "/_cluster/settings?include_defaults=true&flat_settings=true";
    const HttpResponse response =
        cluster.http().require({.url = path, .max_response_bytes = largest_search_answer});
    const JsonDocument document = JsonDocument::parse(response.body, "GET " + path);
    Watermarks watermarks;
    if (!cluster.has(SearchFeature::strict_parameters)) {
        watermarks = {{"low", "85%"}, {"high", "90%"}};
    }
    for (const char* scope : {"defaults", "persistent", "transient"}) {  // the later one wins
        const auto settings = document.root().find(scope);
        if (!settings) {
            continue;
        }
        for (const char* name : {"low", "high", "flood_stage"}) {
            const std::string_view value =
                text_in(*settings, fmt::format("{}watermark.{}", before, name));
            if (!value.empty()) {
                watermarks[name] = value;
            }
        }
        if (text_in(*settings, fmt::format("{}threshold_enabled", before)) == "false") {
            watermarks.clear();
        }
    }
    return watermarks;
}

}  // namespace caretaker
