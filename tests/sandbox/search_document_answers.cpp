// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_document_answers.hpp"

#include "common/text/glob.hpp"
#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/search_call.hpp"
#include "tests/sandbox/search_documents.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

namespace {

using Stored = std::vector<std::pair<std::string, std::string>>;  // ids and what was written

/// Those of `index` that were written by their id.
void add_stored(const FakeIndex& index, Stored& stored) {
    for (const auto& [id, document] : index.stored) {
        if (!document.is_deleted) {
            stored.emplace_back(id, document.source);
        }
    }
}

void write_hits(Json& json, const Stored& stored) {
    json.begin_array("hits");
    for (const auto& [id, source] : stored) {
        json.begin_object().text("_id", id).key("_source");
        json.raw(source);
        json.end_object();
    }
    json.end_array();
}

void write_search_head(const SearchState& state,
                       Json& json,
                       std::int64_t shards,
                       std::size_t hits,
                       const Stored& stored) {
    json.begin_object()
        .integer("took", 3)
        .flag("timed_out", state.searches_time_out)
        .begin_object("_shards")
        .integer("total", shards)
        .integer("successful", shards - state.failing_shards);
    if (state.version.is_at_least(6)) {
        json.integer("skipped", 0);
    }
    json.integer("failed", state.failing_shards).end_object().begin_object("hits");
    if (state.version.is_at_least(7)) {
        json.begin_object("total")
            .integer("value", static_cast<std::int64_t>(hits))
            .text("relation", "eq")
            .end_object();
    } else {
        json.integer("total", static_cast<std::int64_t>(hits));
    }
    json.null("max_score");
    write_hits(json, stored);
    json.end_object();
}

}  // namespace

/// Counts of hits and aggregations over the documents of indices that keep them.
std::string search_documents(const SearchCall& call) {
    SearchState& state = call.state();
    call.allow({"size", "ignore_unavailable", "allow_no_indices", "expand_wildcards", "timeout"});
    FakeDocuments all;
    std::int64_t shards = 0;
    std::vector<const FakeDocument*> rows;
    std::vector<std::shared_ptr<const FakeDocuments>> kept;
    Stored stored;
    for (const std::string& name : call.resolve(call.path()[0])) {
        const FakeIndex& index = state.indices[name];
        shards += index.shards;
        add_stored(index, stored);
        if (index.documents) {
            kept.push_back(index.documents);
            all.keyword_suffix = index.documents->keyword_suffix;
        }
    }
    const rapidjson::Value& body = call.body();
    const bool has_query = call.has_body() && body.HasMember("query");
    const char* const name =
        call.has_body() && body.HasMember("aggregations") ? "aggregations" : "aggs";
    try {
        for (const auto& documents : kept) {
            for (const FakeDocument& row : documents->rows) {
                if (!has_query || meets_query(body["query"], row, *documents, state.now_ms)) {
                    rows.push_back(&row);
                }
            }
        }
        return format_document([&](Json& json) {
            write_search_head(state, json, shards, rows.size() + stored.size(), stored);
            if (call.has_body() && body.HasMember(name)) {
                json.key("aggregations");
                write_aggregations(
                    json,
                    body[name],
                    rows,
                    all,
                    {.takes_interval = !state.version.is_at_least(8) || state.version.is_opensearch,
                     .takes_fixed_interval = state.version.is_at_least(7, 2)},
                    state.now_ms);
            }
            json.end_object();
        });
    } catch (const UnknownQuery& unknown) {
        throw Refused{400, unknown.type, unknown.reason};
    }
}

/// Types of the fields asked for, in the indices that keep documents.
std::string field_capabilities(const SearchCall& call) {
    SearchState& state = call.state();
    call.allow({"fields", "ignore_unavailable", "allow_no_indices", "expand_wildcards"});
    std::map<std::string, std::string_view> types;
    for (const std::string& name : call.resolve(call.path()[0])) {
        const auto& documents = state.indices[name].documents;
        if (!documents || documents->rows.empty()) {
            continue;
        }
        for (const auto& [field, value] : documents->rows.front()) {
            const std::string_view type = field_type(*documents, field);
            types[field] = type;
            if (type == "text") {
                types[field + documents->keyword_suffix] = "keyword";
            }
        }
    }
    const auto wanted = split(call.parameter("fields"), ',');
    return format_document([&](Json& json) {
        json.begin_object().begin_object("fields");
        for (const auto& [field, type] : types) {
            const bool is_wanted = std::ranges::any_of(
                wanted, [&](const std::string& pattern) { return glob_match(pattern, field); });
            if (is_wanted) {
                json.begin_object(field)
                    .begin_object(type)
                    .text("type", type)
                    .flag("searchable", true)
                    .flag("aggregatable", type != "text")
                    .end_object()
                    .end_object();
            }
        }
        json.end_object().end_object();
    });
}

}  // namespace caretaker::sandbox
