// SPDX-License-Identifier: Apache-2.0
// Paths and parameters: those that Elasticsearch 1 to 9 and OpenSearch 1 to 3 take, tried on real
// ones; from Elasticsearch 5 on an unknown parameter is refused.
#include "jobs/rotate/search_cluster.hpp"

#include "common/base/error.hpp"
#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_elements.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

namespace caretaker {

namespace {

constexpr std::uint64_t largest_answer = 256ULL << 20U;
constexpr std::size_t searches_per_request = 100;

IndexFacts* find_index(std::vector<IndexFacts>& indices, std::string_view name) {
    const auto found = std::ranges::lower_bound(
        indices, name, {}, [](const IndexFacts& index) { return std::string_view(index.name); });
    return found != indices.end() && found->name == name ? &*found : nullptr;
}

std::optional<std::int64_t> number_in(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    if (!member || (member->is_text() && member->text().empty())) {
        return std::nullopt;
    }
    return member->integer_or_digits();
}

std::string text_in(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::string(member->text()) : std::string();
}

/// Settings are texts, but a few tools write booleans.
bool is_true(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    if (!member) {
        return false;
    }
    return member->is_flag() ? member->flag() : member->is_text() && member->text() == "true";
}

/// "require.box" and the like out of nested objects.
void flatten(JsonView object,
             const std::string& prefix,
             std::vector<std::pair<std::string, std::string>>& out) {
    for (const JsonMember& member : object.members()) {
        const std::string path =
            prefix.empty() ? std::string(member.name) : fmt::format("{}.{}", prefix, member.name);
        if (member.value.is_object()) {
            flatten(member.value, path, out);
        } else if (member.value.is_text()) {
            out.emplace_back(path, member.value.text());
        }
    }
}

IndexFacts read_settings(std::string_view name, JsonView index) {
    IndexFacts facts{.name = std::string(name)};
    const auto settings = index.find("settings");
    const auto values = settings ? settings->find("index") : std::nullopt;
    if (!values) {
        return facts;
    }
    facts.uuid = text_in(*values, "uuid");
    facts.created_ms = number_in(*values, "creation_date");
    facts.shards = static_cast<int>(number_in(*values, "number_of_shards").value_or(0));
    facts.replicas = static_cast<int>(number_in(*values, "number_of_replicas").value_or(0));
    facts.is_hidden = is_true(*values, "hidden");
    if (const auto lifecycle = values->find("lifecycle")) {
        facts.lifecycle = text_in(*lifecycle, "name");
    }
    if (const auto routing = values->find("routing")) {
        if (const auto allocation = routing->find("allocation")) {
            flatten(*allocation, "", facts.allocation);
        }
    }
    return facts;
}

/// Reads an answer while it arrives: calls `on_element` for each value that fits `pattern`. `begin`
/// is called before, once more each time that the request is sent again.
void read_elements(ServiceHttp& http,
                   HttpRequest request,
                   std::string_view pattern,
                   const std::function<void()>& begin,
                   const std::function<void(const JsonElement&)>& on_element) {
    const std::string what =
        fmt::format("{}: {} {}", http.name(), to_string(request.method), request.url);
    request.max_response_bytes = largest_answer;
    request.read_answer = [&](const HttpBodyReader& body) {
        begin();
        read_json_elements(body, what, {&pattern, 1}, on_element);
    };
    (void)http.require(request);
}

/// A point in time as aggregations give it: a double, null where there is no value.
std::optional<std::int64_t> read_extreme(JsonView aggregations, std::string_view name) {
    const auto value = aggregations.at(name).find("value");
    if (!value || !value->is_number()) {
        return std::nullopt;
    }
    constexpr double most = 9.0e18;
    const double number = value->number();
    return std::abs(number) < most ? std::optional(static_cast<std::int64_t>(number))
                                   : std::nullopt;
}

std::string search_lines(const std::string& index, const std::string& field) {
    JsonWriter json;
    json.begin_object();
    json.member("index", index);
    json.end_object();
    json.end_line();
    json.begin_object();
    json.member("size", 0);
    json.key("aggs");
    json.begin_object();
    for (const char* extreme : {"min", "max"}) {
        json.key(extreme);
        json.begin_object();
        json.key(extreme);
        json.begin_object();
        json.member("field", field);
        json.end_object();
        json.end_object();
    }
    json.end_object();
    json.end_object();
    json.end_line();
    return std::string(json.text());
}

}  // namespace

SearchCluster::SearchCluster(ServiceHttp& http) : http_(http) {
    const HttpResponse response = http_.require({.url = "/"});
    const JsonDocument document = JsonDocument::parse(
        response.body, fmt::format("{}: GET {}/", http_.name(), http_.endpoint()));
    engine_ = read_search_engine(document.root());
}

bool SearchCluster::is_elected_master() {
    const JsonDocument local =
        JsonDocument::parse(http_.require({.url = "/_nodes/_local"}).body, "GET /_nodes/_local");
    const JsonDocument state = JsonDocument::parse(
        http_.require({.url = "/_cluster/state/master_node"}).body, "GET /_cluster/state");
    const auto nodes = local.root().at("nodes").members();
    return !nodes.empty() && nodes.front().name == state.root().at("master_node").text();
}

/// "?expand_wildcards=…" with everything that the version knows.
std::string SearchCluster::wildcards(char joint) const {
    return fmt::format("{}expand_wildcards=open,closed{}",
                       joint,
                       has_feature(engine_, SearchFeature::hidden_indices) ? ",hidden" : "");
}

std::vector<IndexFacts> SearchCluster::fetch_indices() {
    std::vector<IndexFacts> indices;
    fetch_settings(indices);
    fetch_sizes(indices);
    fetch_aliases(indices);
    if (has_feature(engine_, SearchFeature::data_streams)) {
        fetch_streams(indices);
    }
    return indices;
}

void SearchCluster::fetch_settings(std::vector<IndexFacts>& indices) {
    constexpr std::array<std::string_view, 7> paths{"uuid",
                                                    "creation_date",
                                                    "number_of_shards",
                                                    "number_of_replicas",
                                                    "hidden",
                                                    "lifecycle.name",
                                                    "routing.allocation"};
    std::string filter;
    for (const std::string_view path : paths) {
        filter += fmt::format("{}*.settings.index.{}", filter.empty() ? "" : ",", path);
    }
    read_elements(
        http_,
        {.url = fmt::format("/_all/_settings{}&filter_path={}", wildcards('?'), filter)},
        "/*",
        [&] { indices.clear(); },
        [&](const JsonElement& element) {
            indices.push_back(read_settings(element.name, element.value));
        });
    std::ranges::sort(indices, {}, &IndexFacts::name);
}

void SearchCluster::fetch_sizes(std::vector<IndexFacts>& indices) {
    // Before 7.7 all are listed here, and the parameter is not known.
    const bool knows_wildcards = has_feature(engine_, SearchFeature::hidden_indices);
    read_elements(
        http_,
        {.url = fmt::format("/_cat/indices?format=json&bytes=b&h=index,status,pri,rep,docs.count,"
                            "store.size,pri.store.size{}",
                            knows_wildcards ? wildcards('&') : std::string())},
        "/*",
        [] {},
        [&](const JsonElement& element) {
            IndexFacts* index = find_index(indices, element.value.at("index").text());
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
}

void SearchCluster::fetch_aliases(std::vector<IndexFacts>& indices) {
    read_elements(
        http_,
        {.url = fmt::format("/_alias{}", wildcards('?'))},
        "/*",
        [&] {
            for (IndexFacts& index : indices) {
                index.aliases.clear();
            }
        },
        [&](const JsonElement& element) {
            IndexFacts* index = find_index(indices, element.name);
            const auto aliases = element.value.find("aliases");
            if (index == nullptr || !aliases) {
                return;
            }
            for (const JsonMember& alias : aliases->members()) {
                AliasOfIndex one{.name = std::string(alias.name)};
                if (alias.value.is_object() && alias.value.find("is_write_index")) {
                    one.is_write_index = is_true(alias.value, "is_write_index");
                }
                index->aliases.push_back(std::move(one));
            }
        });
}

void SearchCluster::fetch_streams(std::vector<IndexFacts>& indices) {
    const HttpRequest request{.url = "/_data_stream/*"};
    const HttpResponse response = http_.send(request);
    constexpr std::array<int, 3> lacking{400, 404, 405};  // a distribution without that module
    if (std::ranges::find(lacking, response.status) != lacking.end()) {
        return;
    }
    if (!response.ok()) {
        throw describe_status(http_.name(), request, response);
    }
    const JsonDocument document =
        JsonDocument::parse(response.body, fmt::format("{}: GET /_data_stream/*", http_.name()));
    const auto streams = document.root().find("data_streams");
    if (!streams) {
        return;
    }
    for (const JsonView& stream : streams->elements()) {
        const std::string name(stream.at("name").text());
        const std::vector<JsonView> members = stream.at("indices").elements();
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (IndexFacts* index = find_index(indices, members[i].at("index_name").text())) {
                index->data_stream = name;
                index->is_stream_write_index = i + 1 == members.size();
            }
        }
    }
}

std::vector<IndexFacts> SearchCluster::fetch_names() {
    std::vector<IndexFacts> indices;
    const bool knows_wildcards = has_feature(engine_, SearchFeature::hidden_indices);
    read_elements(
        http_,
        {.url = fmt::format("/_cat/indices?format=json&h=index,uuid,status{}",
                            knows_wildcards ? wildcards('&') : std::string())},
        "/*",
        [&] { indices.clear(); },
        [&](const JsonElement& element) {
            indices.push_back({.name = std::string(element.value.at("index").text()),
                               .uuid = text_in(element.value, "uuid"),
                               .is_open = text_in(element.value, "status") != "close"});
        });
    std::ranges::sort(indices, {}, &IndexFacts::name);
    return indices;
}

void SearchCluster::fetch_segments(std::vector<IndexFacts>& indices) {
    read_elements(
        http_,
        {.url = "/_stats/segments?level=indices&filter_path=indices.*.total.segments.count"},
        "/indices/*",
        [] {},
        [&](const JsonElement& element) {
            IndexFacts* index = find_index(indices, element.name);
            const auto total = element.value.find("total");
            const auto segments = total ? total->find("segments") : std::nullopt;
            if (index != nullptr && segments) {
                index->segments = number_in(*segments, "count");
            }
        });
}

void SearchCluster::fetch_ranges(std::vector<IndexFacts>& indices,
                                 std::span<const std::pair<std::uint32_t, std::string>> wanted) {
    while (!wanted.empty()) {
        const auto batch = wanted.first(std::min(wanted.size(), searches_per_request));
        wanted = wanted.subspan(batch.size());
        HttpRequest request{.method = HttpMethod::post,
                            .url = "/_msearch",
                            .headers = {{"Content-Type", "application/x-ndjson"}},
                            .effect = HttpEffect::read};
        for (const auto& [index, field] : batch) {
            request.body += search_lines(indices[index].name, field);
        }
        const HttpResponse response = http_.require(request);
        const JsonDocument document =
            JsonDocument::parse(response.body, fmt::format("{}: POST /_msearch", http_.name()));
        const std::vector<JsonView> answers = document.root().at("responses").elements();
        if (answers.size() != batch.size()) {
            document.root().fail("has not one response for each search");
        }
        for (std::size_t i = 0; i < answers.size(); ++i) {
            FieldRange range{.field = batch[i].second};
            if (const auto aggregations = answers[i].find("aggregations")) {
                range.min_ms = read_extreme(*aggregations, "min");
                range.max_ms = read_extreme(*aggregations, "max");
            }
            indices[batch[i].first].field_ranges.push_back(std::move(range));
        }
    }
}

std::vector<IndexFacts> SearchCluster::fetch_snapshots(const std::string& repository,
                                                       std::string& problem) {
    const HttpRequest request{.url = fmt::format("/_snapshot/{}/_all", encode_segment(repository)),
                              .max_response_bytes = largest_answer};
    const HttpResponse response = http_.send(request);
    if (response.status == 404) {
        problem = fmt::format("the repository {}: {}", repository, describe_search_error(response));
        return {};
    }
    if (!response.ok()) {
        throw describe_status(http_.name(), request, response);
    }
    const JsonDocument document = JsonDocument::parse(
        response.body, fmt::format("{}: GET /_snapshot/{}/_all", http_.name(), repository));
    std::vector<IndexFacts> snapshots;
    for (const JsonView& snapshot : document.root().at("snapshots").elements()) {
        snapshots.push_back({.name = std::string(snapshot.at("snapshot").text()),
                             .uuid = text_in(snapshot, "uuid"),
                             .created_ms = number_in(snapshot, "start_time_in_millis"),
                             .snapshot_state = text_in(snapshot, "state")});
    }
    std::ranges::sort(snapshots, {}, &IndexFacts::name);
    return snapshots;
}

RolloverForecast SearchCluster::forecast_rollover(const std::string& alias,
                                                  const std::string& new_index,
                                                  const std::string& body,
                                                  std::string& problem) {
    if (!has_feature(engine_, SearchFeature::rollover)) {
        problem = fmt::format("{} cannot roll over", describe_engine(engine_));
        return {};
    }
    HttpRequest request = json_request(HttpMethod::post,
                                       fmt::format("/{}/_rollover{}{}?dry_run=true",
                                                   encode_segment(alias),
                                                   new_index.empty() ? "" : "/",
                                                   encode_segment(new_index)),
                                       body);
    request.effect = HttpEffect::read;
    const HttpResponse response = http_.send(request);
    if (!response.ok()) {
        if (!is_item_error(response)) {
            throw describe_status(http_.name(), request, response);
        }
        problem = fmt::format("rolling {} over: {}", alias, describe_search_error(response));
        return {};
    }
    const JsonDocument document = JsonDocument::parse(
        response.body, fmt::format("{}: POST /{}/_rollover", http_.name(), alias));
    RolloverForecast forecast{.old_index = text_in(document.root(), "old_index"),
                              .new_index = text_in(document.root(), "new_index")};
    bool has_conditions = false;
    if (const auto conditions = document.root().find("conditions")) {
        for (const JsonMember& condition : conditions->members()) {
            has_conditions = true;
            if (condition.value.is_flag() && condition.value.flag()) {
                forecast.conditions += forecast.conditions.empty() ? "" : " ";
                forecast.conditions += condition.name;
            }
        }
    }
    forecast.is_due = !has_conditions || !forecast.conditions.empty();
    return forecast;
}

}  // namespace caretaker
