// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/field_range_reader.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/rotate/search_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::size_t searches_per_request = 100;

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

std::string search_lines(std::string_view index, const std::string& field) {
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

/// Whether the answer is made of what some shards had to say.
bool is_partial(JsonView answer) {
    if (is_true(answer, "timed_out")) {
        return true;
    }
    const auto shards = answer.find("_shards");
    return shards && number_in(*shards, "failed").value_or(0) > 0;
}

}  // namespace

void fetch_ranges(SearchCluster& cluster,
                  std::vector<IndexFacts>& indices,
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
        const HttpResponse response = cluster.http().require(request);
        const JsonDocument document = JsonDocument::parse(
            response.body, fmt::format("{}: POST /_msearch", cluster.http().name()));
        const std::vector<JsonView> answers = document.root().at("responses").elements();
        if (answers.size() != batch.size()) {
            document.root().fail("has not one response for each search");
        }
        for (std::size_t i = 0; i < answers.size(); ++i) {
            FieldRange range{.field = batch[i].second};
            range.is_partial = is_partial(answers[i]);
            if (const auto aggregations = answers[i].find("aggregations");
                aggregations && !range.is_partial) {
                range.min_ms = read_extreme(*aggregations, "min");
                range.max_ms = read_extreme(*aggregations, "max");
            }
            indices[batch[i].first].rare.edit().field_ranges.push_back(std::move(range));
        }
    }
}

}  // namespace caretaker
