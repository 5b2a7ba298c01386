// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_cluster_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace caretaker::sandbox {

namespace {

/// Green, unless a replica has no place or shards are on their way.
std::string health(SearchCall& call) {
    call.allow({"level", "timeout", "wait_for_status", "master_timeout"});
    SearchState& state = call.state();
    bool is_green = true;
    int relocating = 0;
    for (const std::string& name :
         call.resolve(call.path().size() > 2 ? call.path()[2] : std::string("_all"))) {
        FakeIndex& index = state.indices[name];
        is_green = is_green && std::ranges::none_of(state.copies(index), [](const FakeCopy& copy) {
                       return copy.node.empty();
                   });
        if (index.busy_polls > 0) {
            --index.busy_polls;
            ++relocating;
            is_green = false;
        }
    }
    return fmt::format(R"({{"cluster_name":"sandbox","status":"{}","relocating_shards":{}}})",
                       is_green ? "green" : "yellow",
                       relocating);
}

std::string change_cluster_settings(SearchCall& call) {
    if (!call.has_body()) {
        throw Refused{400, "action_request_validation_exception", "no settings to update"};
    }
    for (const auto& scope : call.body().GetObject()) {
        for (const auto& setting : scope.value.GetObject()) {
            if (setting.value.IsString()) {
                call.state().cluster_settings[setting.name.GetString()] = setting.value.GetString();
            }
        }
    }
    return R"({"acknowledged":true,"persistent":{},"transient":{}})";
}

/// Only with flat names, and with the defaults of the disk watermarks.
std::string show_cluster_settings(SearchCall& call) {
    call.allow({"include_defaults", "flat_settings"});
    const std::string prefix = "cluster.routing.allocation.disk.";
    std::map<std::string, std::string> defaults{{prefix + "threshold_enabled", "true"},
                                                {prefix + "watermark.low", "85%"},
                                                {prefix + "watermark.high", "90%"}};
    if (call.state().version.is_at_least(6)) {
        defaults[prefix + "watermark.flood_stage"] = "95%";
    }
    std::string set;
    for (const auto& [name, value] : call.state().cluster_settings) {
        defaults.erase(name);
        set += fmt::format("{}{}:{}", set.empty() ? "" : ",", json_text(name), json_text(value));
    }
    std::string rest;
    for (const auto& [name, value] : defaults) {
        rest += fmt::format("{}{}:{}", rest.empty() ? "" : ",", json_text(name), json_text(value));
    }
    const bool shows_defaults =
        call.parameter("include_defaults") == "true" && call.state().version.is_at_least(5);
    return fmt::format(R"({{"persistent":{{{}}},"transient":{{}}{}}})",
                       set,
                       shows_defaults ? fmt::format(R"(,"defaults":{{{}}})", rest) : std::string());
}

}  // namespace

std::string describe_engine(SearchCall& call) {
    const SearchVersion& version = call.state().version;
    return fmt::format(
        R"({{"name":"n1","cluster_name":"sandbox",{}"version":{{{}"number":"{}"}},"tagline":"{}"}})",
        version.is_at_least(2)
            ? fmt::format(R"("cluster_uuid":{},)", json_text(call.state().cluster_uuid))
            : std::string(),
        version.is_opensearch ? R"("distribution":"opensearch",)" : "",
        version.number(),
        version.is_opensearch ? "The OpenSearch Project: https://opensearch.org/"
                              : "You Know, for Search");
}

std::string answer_cluster(SearchCall& call) {
    const auto& path = call.path();
    if (path.size() >= 2 && path[1] == "health") {
        return health(call);
    }
    if (path.size() == 2 && path[1] == "settings") {
        return call.method() == HttpMethod::put ? change_cluster_settings(call)
                                                : show_cluster_settings(call);
    }
    if (path.size() == 3 && path[1] == "state" && path[2] == "master_node") {
        return fmt::format(R"({{"cluster_name":"sandbox","master_node":"node-id-{}"}})",
                           call.state().elected_master);
    }
    throw Refused{400, "illegal_argument_exception", "no handler found"};
}

std::string answer_nodes(SearchCall& call) {
    if (call.path().size() == 2 && call.path()[1] == "_local") {
        return fmt::format(R"({{"nodes":{{"node-id-1":{{"name":{}}}}}}})",
                           json_text(call.state().nodes.front().name));
    }
    if (call.path().size() < 3 || call.path()[1] != "stats" || call.path()[2] != "fs") {
        throw Refused{400, "illegal_argument_exception", "no handler found"};
    }
    call.allow({"level"});
    std::string nodes;
    int number = 0;
    for (const FakeNode& node : call.state().nodes) {
        std::string roles;
        for (const std::string& role : node.roles) {
            roles += fmt::format("{}{}", roles.empty() ? "" : ",", json_text(role));
        }
        nodes += fmt::format(
            R"({}"node-id-{}":{{"name":{},{}"fs":{{"total":{{"total_in_bytes":{},"free_in_bytes":{},"available_in_bytes":{}}}}}}})",
            nodes.empty() ? "" : ",",
            ++number,
            json_text(node.name),
            call.state().version.is_at_least(5) ? fmt::format(R"("roles":[{}],)", roles)
                                                : std::string(),
            node.total_bytes,
            node.total_bytes - call.state().used_bytes(node),
            node.total_bytes - call.state().used_bytes(node));
    }
    return fmt::format(R"({{"nodes":{{{}}}}})", nodes);
}

std::string cat_shards(SearchCall& call) {
    call.allow({"format", "bytes", "h"});
    const SearchState& state = call.state();
    std::string rows;
    for (const std::string& name :
         call.resolve(call.path().size() > 2 ? call.path()[2] : std::string("_all"))) {
        const FakeIndex& index = state.indices.at(name);
        for (const FakeCopy& copy : state.copies(index)) {
            const bool is_placed = !copy.node.empty();
            rows += fmt::format(
                R"({}{{"index":{},"shard":"{}","prirep":"{}","state":"{}","store":{},"node":{}}})",
                rows.empty() ? "" : ",",
                json_text(name),
                copy.shard,
                copy.is_primary ? "p" : "r",
                is_placed ? "STARTED" : "UNASSIGNED",
                is_placed ? json_text(std::to_string(copy.bytes)) : std::string("null"),
                is_placed ? json_text(copy.node) : std::string("null"));
        }
    }
    return fmt::format("[{}]", rows);
}

std::string explain_managed(SearchCall& call) {
    if (!call.state().has_state_management) {
        throw Refused{400, "", fmt::format("no handler found for uri [{}]", call.request().url)};
    }
    call.allow({"size", "from", "sortField", "sortOrder", "queryString"});
    const std::string size = call.parameter("size");
    std::int64_t left = size.empty() ? 20 : std::stoll(size);
    std::string all;
    for (const auto& [index, policy] : call.state().managed) {
        if (left-- <= 0) {
            break;
        }
        all += fmt::format(
            R"({}:{{"index.plugins.index_state_management.policy_id":{},"index":{},"policy_id":{},"enabled":true}},)",
            json_text(index),
            json_text(policy),
            json_text(index),
            json_text(policy));
    }
    return fmt::format(R"({{{}"total_managed_indices":{}}})", all, call.state().managed.size());
}

}  // namespace caretaker::sandbox
