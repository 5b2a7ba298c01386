// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/step_facts_reader.hpp"

#include "common/http/service_http.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/date_math.hpp"
#include "jobs/rotate/date_math_reader.hpp"
#include "jobs/rotate/field_range_reader.hpp"
#include "jobs/rotate/index_list_reader.hpp"
#include "jobs/rotate/node_reader.hpp"
#include "jobs/rotate/remote_service.hpp"
#include "jobs/rotate/rollover_reader.hpp"
#include "jobs/rotate/search_reading.hpp"
#include "jobs/rotate/snapshot_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace caretaker {

namespace {

/// The feature without which the server does not have the action.
std::optional<SearchFeature> needed_feature(ActionType type) {
    switch (type) {
        case ActionType::cold2frozen:
            return SearchFeature::searchable_snapshots;
        case ActionType::freeze:
        case ActionType::unfreeze:
            return SearchFeature::frozen_indices;
        case ActionType::reindex:
            return SearchFeature::reindex;
        case ActionType::shrink:
            return SearchFeature::shrink;
        default:
            return std::nullopt;
    }
}

void add_rollover(const ActionSpec& spec,
                  const RotatePlanner& planner,
                  const FactSources& sources,
                  StepFacts& facts) {
    const std::string alias = spec.options.text("name");
    const bool is_there = std::ranges::any_of(planner.indices(), [&](const IndexFacts& index) {
        return index.find_alias(alias) != nullptr;
    });
    if (!is_there) {
        return;
    }
    const std::string text = spec.options.text("new_index");
    const auto known = facts.names.find(text);
    const std::string new_index =
        known == facts.names.end() ? resolve_name(text, sources.now).name : known->second;
    facts.rollover =
        forecast_rollover(sources.cluster, alias, new_index, rollover_body(spec), facts.problem);
}

std::vector<MountedSnapshot> fetch_mounted(SearchCluster& cluster) {
    std::vector<MountedSnapshot> mounted;
    read_elements(
        cluster.http(),
        {.url = fmt::format("/_all/_settings{}&filter_path=*.settings.index.store.snapshot",
                            cluster.wildcards('?'))},
        "/*",
        [&] { mounted.clear(); },
        [&](const JsonElement& element) {
            const JsonView snapshot =
                element.value.at("settings").at("index").at("store").at("snapshot");
            mounted.push_back({.index = std::string(element.name),
                               .repository = std::string(text_in(snapshot, "repository_name")),
                               .snapshot = std::string(text_in(snapshot, "snapshot_name")),
                               .source = std::string(text_in(snapshot, "index_name")),
                               .is_partial = is_true(snapshot, "partial")});
        });
    std::ranges::sort(mounted, {}, &MountedSnapshot::index);
    return mounted;
}

/// The other cluster's list, where the action chooses from it.
IndexList fetch_remote(const ActionSpec& spec, const FactSources& sources) {
    const ReindexRequest request = read_reindex_request(*spec.options.find("request_body"));
    if (request.remote == nullptr || !request.selects() || spec.remote_filters.empty()) {
        return {};
    }
    ServiceHttp http(remote_service(spec.options, *request.remote), sources.context);
    SearchCluster remote(http);
    IndexList indices = fetch_indices(remote);
    if (uses_segments(spec.remote_filters)) {
        fetch_segments(remote, indices.indices);
    }
    IndexSelector lists(std::move(indices), {}, sources.now);
    fetch_ranges(remote, lists.indices(), lists.wanted_ranges_of(spec, spec.remote_filters));
    return {.indices = std::move(lists.indices()), .texts = lists.texts()};
}

}  // namespace

StepFacts gather_facts(const ActionSpec& spec, RotatePlanner& planner, const FactSources& sources) {
    StepFacts facts;
    if (planner.is_stopped() || spec.options.flag("disable_action")) {
        return facts;
    }
    SearchCluster& cluster = sources.cluster;
    const auto needed = needed_feature(spec.type);
    if (needed && !cluster.has(*needed)) {
        facts.problem =
            fmt::format("{} has no {}", describe_engine(cluster.engine()), to_string(spec.type));
        return facts;
    }
    if (spec.type == ActionType::alias || spec.type == ActionType::create_index ||
        spec.type == ActionType::rollover || spec.type == ActionType::snapshot) {
        facts.names = resolve_by_server(cluster, spec.options, sources.now, facts.problem);
        if (!facts.problem.empty()) {
            return facts;
        }
    }
    switch (spec.type) {
        case ActionType::delete_snapshots:
        case ActionType::restore:
            facts.snapshots = fetch_snapshots(cluster,
                                              spec.options.text("repository"),
                                              spec.type == ActionType::restore,
                                              facts.problem);
            break;
        case ActionType::rollover:
            add_rollover(spec, planner, sources, facts);
            break;
        case ActionType::shrink:
            facts.nodes = fetch_nodes(cluster);
            break;
        case ActionType::cold2frozen:
            facts.nodes = fetch_nodes(cluster);
            facts.mounted = fetch_mounted(cluster);
            break;
        case ActionType::reindex:
            facts.remote_indices = fetch_remote(spec, sources);
            break;
        default:
            break;
    }
    return facts;
}

}  // namespace caretaker
