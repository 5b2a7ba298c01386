// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/index_sizes_reader.hpp"

#include "common/http/http_status.hpp"
#include "jobs/rotate/search_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace caretaker {

namespace {

constexpr int too_many_requests = 429;

/// Reads `_cat/indices` with these columns. False when the server refuses to list so many.
bool read_cat(SearchCluster& cluster,
              std::string_view columns,
              const std::function<void()>& begin,
              const std::function<void(const JsonElement&)>& on_element) {
    // Before 7.7 all are listed here, and the parameter is not known.
    const bool knows_wildcards = cluster.has(SearchFeature::hidden_indices);
    const HttpRequest request{
        .url = fmt::format("/_cat/indices?format=json{}{}",
                           columns,
                           knows_wildcards ? cluster.wildcards('&') : std::string())};
    const HttpResponse response =
        read_elements(cluster.http(), request, "/*", begin, on_element, {too_many_requests});
    if (response.status != too_many_requests) {
        return true;
    }
    if (response.body.find("response_limit_breached") == std::string::npos) {  // a busy node
        throw describe_status(cluster.http().name(), request, response);
    }
    return false;
}

void read_states_of_cluster(SearchCluster& cluster,
                            const std::function<void()>& begin,
                            const OnIndexState& on_index) {
    read_elements(cluster.http(),
                  {.url = "/_cluster/state/metadata?filter_path=metadata.indices.*.state,"
                          "metadata.indices.*.settings.index.uuid"},
                  "/metadata/indices/*",
                  begin,
                  [&](const JsonElement& element) {
                      const auto settings = element.value.find("settings");
                      const auto values = settings ? settings->find("index") : std::nullopt;
                      on_index(element.name,
                               values ? text_in(*values, "uuid") : std::string_view(),
                               text_in(element.value, "state") != "close");
                  });
}

/// Of open indices alone: the others have no statistics.
void read_statistics(SearchCluster& cluster, std::vector<IndexFacts>& indices) {
    read_elements(
        cluster.http(),
        {.url = "/_stats/store,docs?level=indices&expand_wildcards=open,hidden&filter_path="
                "indices.*.primaries.docs.count,indices.*.primaries.store.size_in_bytes,"
                "indices.*.total.store.size_in_bytes"},
        "/indices/*",
        [] {},
        [&](const JsonElement& element) {
            IndexFacts* index = find_by_name(indices, element.name);
            if (index == nullptr || !index->is_open) {
                return;
            }
            const JsonView primaries = element.value.at("primaries");
            index->docs = number_in(primaries.at("docs"), "count");
            index->primary_bytes = number_in(primaries.at("store"), "size_in_bytes");
            index->total_bytes = number_in(element.value.at("total").at("store"), "size_in_bytes");
        });
}

}  // namespace

IndexFacts* find_by_name(std::vector<IndexFacts>& indices, std::string_view name) {
    const auto found = std::ranges::lower_bound(indices, name, {}, &IndexFacts::name);
    return found != indices.end() && found->name == name ? &*found : nullptr;
}

void fetch_sizes(SearchCluster& cluster, std::vector<IndexFacts>& indices) {
    const bool is_listed = read_cat(
        cluster,
        "&bytes=b&h=index,status,pri,rep,docs.count,store.size,pri.store.size",
        [] {},
        [&](const JsonElement& element) {
            IndexFacts* index = find_by_name(indices, element.value.at("index").text());
            if (index == nullptr) {
                return;  // made since the settings were read
            }
            index->is_open = text_in(element.value, "status") != "close";
            if (index->is_open) {
                index->docs = number_in(element.value, "docs.count");
                index->total_bytes = number_in(element.value, "store.size");
                index->primary_bytes = number_in(element.value, "pri.store.size");
            }
        });
    if (is_listed) {
        return;
    }
    read_states_of_cluster(
        cluster,
        [] {},
        [&](std::string_view name, std::string_view, bool is_open) {
            if (IndexFacts* index = find_by_name(indices, name)) {
                index->is_open = is_open;
            }
        });
    read_statistics(cluster, indices);
}

void read_states(SearchCluster& cluster,
                 const std::function<void()>& begin,
                 const OnIndexState& on_index) {
    const bool is_listed =
        read_cat(cluster, "&h=index,uuid,status", begin, [&](const JsonElement& element) {
            on_index(element.value.at("index").text(),
                     text_in(element.value, "uuid"),
                     text_in(element.value, "status") != "close");
        });
    if (!is_listed) {
        read_states_of_cluster(cluster, begin, on_index);
    }
}

}  // namespace caretaker
