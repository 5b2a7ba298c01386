// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/index_list_reader.hpp"

#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "jobs/rotate/index_sizes_reader.hpp"
#include "jobs/rotate/search_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// "require.box" and the like out of nested objects.
void flatten(JsonView object, const std::string& prefix, IndexFacts& facts, TextArena& texts) {
    for (const JsonMember& member : object.members()) {
        const std::string path =
            prefix.empty() ? std::string(member.name) : fmt::format("{}.{}", prefix, member.name);
        if (member.value.is_object()) {
            flatten(member.value, path, facts, texts);
        } else if (member.value.is_text()) {
            facts.rare.edit().allocation.emplace_back(texts.keep_once(path),
                                                      texts.keep_once(member.value.text()));
        }
    }
}

/// The facts of an index whose name and uuid lie side by side: its actions then need no copy.
IndexFacts make_index(std::string_view name, std::string_view uuid, TextArena& texts) {
    const std::string_view both = texts.keep_pair(name, uuid);
    return {.name = both.substr(0, name.size()), .uuid = both.substr(name.size())};
}

IndexFacts read_settings(std::string_view name, JsonView index, TextArena& texts) {
    const auto settings = index.find("settings");
    const auto values = settings ? settings->find("index") : std::nullopt;
    if (!values) {
        return make_index(name, {}, texts);
    }
    IndexFacts facts = make_index(name, text_in(*values, "uuid"), texts);
    facts.created_ms = number_in(*values, "creation_date");
    facts.shards = static_cast<int>(number_in(*values, "number_of_shards").value_or(0));
    facts.replicas = static_cast<int>(number_in(*values, "number_of_replicas").value_or(0));
    facts.is_hidden = is_true(*values, "hidden");
    if (const auto blocks = values->find("blocks")) {
        // Not read_only_allow_delete: a full disk sets it, and takes it off again.
        facts.is_write_blocked = is_true(*blocks, "write") || is_true(*blocks, "read_only");
    }
    if (const auto lifecycle = values->find("lifecycle")) {
        if (const std::string_view policy = text_in(*lifecycle, "name"); !policy.empty()) {
            facts.rare.edit().lifecycle = texts.keep_once(policy);
        }
    }
    if (const auto open_distro = values->find("opendistro")) {
        const auto ism = open_distro->find("index_state_management");
        const std::string_view policy = ism ? text_in(*ism, "policy_id") : std::string_view();
        if (!policy.empty() && facts.rare->lifecycle.empty()) {
            facts.rare.edit().lifecycle = texts.keep_once(policy);
            facts.rare.edit().manager = LifecycleManager::ism;
        }
    }
    if (const auto routing = values->find("routing")) {
        if (const auto allocation = routing->find("allocation")) {
            flatten(*allocation, "", facts, texts);
        }
    }
    return facts;
}

void fetch_settings(SearchCluster& cluster, IndexList& list) {
    constexpr std::array<std::string_view, 8> paths{"uuid",
                                                    "creation_date",
                                                    "number_of_shards",
                                                    "number_of_replicas",
                                                    "hidden",
                                                    "blocks",
                                                    "lifecycle.name",
                                                    "routing.allocation"};
    std::string filter;
    for (const std::string_view path : paths) {
        filter += fmt::format("{}*.settings.index.{}", filter.empty() ? "" : ",", path);
    }
    if (cluster.has(SearchFeature::open_distro_policies)) {
        filter += ",*.settings.index.opendistro.index_state_management.policy_id";
    }
    read_elements(
        cluster.http(),
        {.url = fmt::format("/_all/_settings{}&filter_path={}", cluster.wildcards('?'), filter)},
        "/*",
        [&] { list = IndexList(); },
        [&](const JsonElement& element) {
            list.indices.push_back(read_settings(element.name, element.value, *list.texts));
        });
    std::ranges::sort(list.indices, {}, &IndexFacts::name);
}

void fetch_aliases(SearchCluster& cluster, IndexList& list) {
    read_elements(
        cluster.http(),
        {.url = fmt::format("/_alias{}", cluster.wildcards('?'))},
        "/*",
        [&] {
            for (IndexFacts& index : list.indices) {
                if (index.rare.has_value()) {
                    index.rare.edit().aliases.clear();
                }
            }
        },
        [&](const JsonElement& element) {
            IndexFacts* index = find_by_name(list.indices, element.name);
            const auto aliases = element.value.find("aliases");
            if (index == nullptr || !aliases) {
                return;
            }
            for (const JsonMember& alias : aliases->members()) {
                AliasOfIndex one{.name = list.texts->keep_once(alias.name)};
                if (alias.value.is_object() && alias.value.find("is_write_index")) {
                    one.is_write_index = is_true(alias.value, "is_write_index");
                }
                index->rare.edit().aliases.push_back(one);
            }
        });
}

/// From Elasticsearch 8.11 on a stream may have a lifecycle of its own.
bool is_managed_by_stream(JsonView stream, JsonView member) {
    if (const auto manager = member.find("managed_by")) {
        return manager->text() == "Data stream lifecycle";
    }
    const auto lifecycle = stream.find("lifecycle");
    return lifecycle && (!lifecycle->find("enabled") || is_true(*lifecycle, "enabled"));
}

void fetch_streams(SearchCluster& cluster, IndexList& list) {
    const HttpRequest request{.url = "/_data_stream/*"};
    const HttpResponse response = cluster.http().send(request);
    constexpr std::array<int, 3> lacking{400, 404, 405};  // a distribution without that module
    if (std::ranges::find(lacking, response.status) != lacking.end()) {
        return;
    }
    if (!response.ok()) {
        throw describe_status(cluster.http().name(), request, response);
    }
    const JsonDocument document = JsonDocument::parse(
        response.body, fmt::format("{}: GET /_data_stream/*", cluster.http().name()));
    const auto streams = document.root().find("data_streams");
    if (!streams) {
        return;
    }
    for (const JsonView& stream : streams->elements()) {
        const std::string_view name = list.texts->keep_once(stream.at("name").text());
        const std::vector<JsonView> members = stream.at("indices").elements();
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (IndexFacts* index =
                    find_by_name(list.indices, members[i].at("index_name").text())) {
                RareFacts& rare = index->rare.edit();
                rare.data_stream = name;
                if (rare.lifecycle.empty() && is_managed_by_stream(stream, members[i])) {
                    rare.lifecycle = name;
                    rare.manager = LifecycleManager::data_stream;
                }
                rare.is_stream_write_index = i + 1 == members.size();
            }
        }
    }
}

}  // namespace

IndexList fetch_indices(SearchCluster& cluster) {
    IndexList list;
    fetch_settings(cluster, list);
    fetch_sizes(cluster, list.indices);
    fetch_aliases(cluster, list);
    if (has_feature(cluster.engine(), SearchFeature::data_streams)) {
        fetch_streams(cluster, list);
    }
    return list;
}

IndexList fetch_names(SearchCluster& cluster) {
    IndexList list;
    read_states(
        cluster,
        [&] { list = IndexList(); },
        [&](std::string_view name, std::string_view uuid, bool is_open) {
            list.indices.push_back(make_index(name, uuid, *list.texts));
            list.indices.back().is_open = is_open;
        });
    std::ranges::sort(list.indices, {}, &IndexFacts::name);
    return list;
}

void fetch_segments(SearchCluster& cluster, std::vector<IndexFacts>& indices) {
    // Closed ones spoil the request where they are named or asked for.
    const char* const hidden =
        cluster.has(SearchFeature::hidden_indices) ? "&expand_wildcards=open,hidden" : "";
    read_elements(
        cluster.http(),
        {.url = fmt::format(
             "/_stats/segments?level=indices&filter_path=indices.*.total.segments.count{}",
             hidden)},
        "/indices/*",
        [] {},
        [&](const JsonElement& element) {
            IndexFacts* index = find_by_name(indices, element.name);
            const auto total = element.value.find("total");
            const auto segments = total ? total->find("segments") : std::nullopt;
            if (index != nullptr && segments) {
                index->rare.edit().segments = number_in(*segments, "count");
            }
        });
}

bool fetch_managed(SearchCluster& cluster, IndexList& list) {
    if (!cluster.has(SearchFeature::index_state_management)) {
        return true;
    }
    constexpr std::size_t page = 1'000;
    std::size_t total = 1;
    for (std::size_t from = 0; from < total; from += page) {
        const HttpRequest request{
            .url = fmt::format("/_plugins/_ism/explain/*?size={}&from={}", page, from),
            .max_response_bytes = largest_search_answer};
        const HttpResponse response = cluster.http().send(request);
        constexpr std::array<int, 3> lacking{400, 404, 405};  // a distribution without that plug-in
        if (std::ranges::find(lacking, response.status) != lacking.end()) {
            return true;
        }
        if (response.status == 401 || response.status == 403) {
            return false;
        }
        if (!response.ok()) {
            throw describe_status(cluster.http().name(), request, response);
        }
        const JsonDocument document = JsonDocument::parse(response.body, "GET " + request.url);
        for (const JsonMember& member : document.root().members()) {
            if (member.name == "total_managed_indices") {
                total = static_cast<std::size_t>(std::max<std::int64_t>(member.value.integer(), 0));
            } else if (IndexFacts* index = find_by_name(list.indices, member.name)) {
                RareFacts& rare = index->rare.edit();
                rare.lifecycle = list.texts->keep_once(text_in(member.value, "policy_id"));
                rare.manager = LifecycleManager::ism;
            }
        }
    }
    return true;
}

}  // namespace caretaker
