// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_handlers.hpp"

#include "common/text/glob.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <utility>

namespace caretaker::sandbox {

namespace {

using Json = rapidjson::Document;

/// A refusal, thrown by whatever finds it.
struct Refused {
    int status = 400;
    std::string type{};
    std::string reason{};
};

std::string json_text(std::string_view text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return buffer.GetString();
}

std::string decode(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            decoded +=
                static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(separator));
        parts.emplace_back(part);
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

/// The request, taken apart.
struct Asked {
    HttpMethod method = HttpMethod::get;
    std::vector<std::string> path{};  // decoded segments; a list of names keeps its commas
    std::map<std::string, std::string> parameters{};
    Json body{};
    bool has_body = false;
};

Asked take_apart(const HttpRequest& request) {
    Asked asked{.method = request.method};
    const std::string_view url = request.url;
    const std::size_t query = std::min(url.find('?'), url.size());
    for (const std::string& segment : split(url.substr(1, query - 1), '/')) {
        asked.path.push_back(decode(segment));
    }
    if (query < url.size()) {
        for (const std::string& pair : split(url.substr(query + 1), '&')) {
            const std::size_t equals = std::min(pair.find('='), pair.size());
            asked.parameters[pair.substr(0, equals)] =
                decode(std::string_view(pair).substr(std::min(equals + 1, pair.size())));
        }
    }
    return asked;
}

class Engine {
 public:
    Engine(SearchState& state, const HttpRequest& request)
        : state_(state), request_(request), asked_(take_apart(request)) {}

    ServedAnswer answer() {
        constexpr std::size_t longest_line = 4096;
        constexpr std::size_t around = 10;  // blanks and the HTTP version
        if (to_string(request_.method).size() + request_.url.size() + around > longest_line) {
            if (!state_.version.is_at_least(5)) {
                return {.conduct = ServerConduct::close};
            }
            return error({400,
                          state_.version.is_at_least(7) ? "too_long_http_line_exception"
                                                        : "too_long_frame_exception",
                          "An HTTP line is larger than 4096 bytes."});
        }
        try {
            read_body();
            return {.headers = json_header(), .body = dispatch()};
        } catch (const Refused& refused) {
            return error(refused);
        }
    }

 private:
    static std::vector<HttpHeader> json_header() {
        return {{"Content-Type", "application/json; charset=UTF-8"}};
    }

    [[nodiscard]] ServedAnswer error(const Refused& refused) const {
        const std::string text =
            state_.version.is_at_least(2)
                ? fmt::format(
                      R"({{"root_cause":[{{"type":{0},"reason":{1}}}],"type":{0},"reason":{1}}})",
                      json_text(refused.type),
                      json_text(refused.reason))
                : json_text(fmt::format("{}[{}]", refused.type, refused.reason));
        return {.status = refused.status,
                .headers = json_header(),
                .body = fmt::format(R"({{"error":{},"status":{}}})", text, refused.status)};
    }

    void read_body() {
        if (request_.body.empty()) {
            return;
        }
        const std::string_view type = find_header(request_.headers, "Content-Type");
        if (state_.version.is_at_least(6) && type.empty()) {
            throw Refused{406, "", "Content-Type header [] is not supported"};
        }
        if (type != "application/x-ndjson") {
            asked_.body.Parse(request_.body.c_str());
            asked_.has_body = !asked_.body.HasParseError() && asked_.body.IsObject();
            if (!asked_.has_body) {
                throw Refused{400, "parse_exception", "Failed to parse content to map"};
            }
        }
    }

    /// Unknown parameters are refused from 5.0 on.
    void allow(std::initializer_list<std::string_view> names) const {
        constexpr std::array<std::string_view, 3> everywhere{"filter_path", "pretty", "human"};
        for (const auto& [name, value] : asked_.parameters) {
            const bool is_known = std::ranges::find(names, name) != names.end() ||
                                  std::ranges::find(everywhere, name) != everywhere.end();
            if (!is_known && state_.version.is_at_least(5)) {
                throw Refused{400,
                              "illegal_argument_exception",
                              fmt::format("request [{}] contains unrecognized parameter: [{}]",
                                          request_.url.substr(0, request_.url.find('?')),
                                          name)};
            }
        }
    }

    [[nodiscard]] std::string parameter(const std::string& name) const {
        const auto found = asked_.parameters.find(name);
        return found == asked_.parameters.end() ? std::string() : found->second;
    }

    [[nodiscard]] bool is(HttpMethod method, std::size_t segments) const {
        return asked_.method == method && asked_.path.size() == segments;
    }

    std::string dispatch() {
        const auto& path = asked_.path;
        if (path.empty()) {
            if (asked_.method == HttpMethod::del) {
                throw Refused{400,
                              "action_request_validation_exception",
                              "Validation Failed: 1: index / indices is missing;"};
            }
            return root();
        }
        if (path[0] == "_cat" && path.size() == 2 && path[1] == "indices") {
            return cat_indices();
        }
        if (path[0] == "_alias" || (path.size() == 2 && path[1] == "_alias")) {
            return list_aliases();
        }
        if (path[0] == "_aliases") {
            return change_aliases();
        }
        if (path[0] == "_data_stream" && state_.version.is_at_least(7, 9)) {
            return list_streams();
        }
        if (path[0] == "_stats") {
            return stats();
        }
        if (path[0] == "_msearch") {
            return search();
        }
        if (path[0] == "_cluster") {
            return cluster();
        }
        if (path.size() == 2 && path[1] == "_search") {
            return search_documents();
        }
        if (path.size() == 2 && path[1] == "_field_caps" && state_.version.is_at_least(5, 4)) {
            return field_capabilities();
        }
        if (path[0] == "_snapshot") {
            return snapshots();
        }
        if (path.size() == 2 && path[1] == "_settings") {
            return asked_.method == HttpMethod::get ? list_settings() : change_settings();
        }
        if (path.size() >= 2 && path[1] == "_rollover" && state_.version.is_at_least(5)) {
            return rollover();
        }
        if (is(HttpMethod::post, 2)) {
            return change_state();
        }
        if (path[0].starts_with('_')) {
            throw Refused{
                400,
                "invalid_index_name_exception",
                fmt::format("Invalid index name [{}], must not start with '_'.", path[0])};
        }
        if (is(HttpMethod::put, 1)) {
            return create();
        }
        if (is(HttpMethod::del, 1)) {
            return remove();
        }
        if (is(HttpMethod::get, 1) || is(HttpMethod::head, 1)) {
            (void)resolve(path[0]);
            return "{}";
        }
        throw Refused{405, "", fmt::format("Incorrect HTTP method for uri [{}]", request_.url)};
    }

    [[nodiscard]] std::string root() const {
        const std::string number = state_.version.number();
        return fmt::format(
            R"({{"name":"n1","cluster_name":"sandbox","cluster_uuid":"AAAAAAAAAAAAAAAAAAAAAA",)"
            R"("version":{{{}"number":"{}"}},"tagline":"{}"}})",
            state_.version.is_opensearch ? R"("distribution":"opensearch",)" : "",
            number,
            state_.version.is_opensearch ? "The OpenSearch Project: https://opensearch.org/"
                                         : "You Know, for Search");
    }

    /// The indices behind a comma list of names, wildcards and aliases. Throws for a missing name.
    std::vector<std::string> resolve(const std::string& list) {
        std::set<std::string> names;
        const bool ignores = parameter("ignore_unavailable") == "true";
        for (const std::string& term : split(list, ',')) {
            bool found = term.find('*') != std::string::npos || term == "_all";
            for (const auto& [name, index] : state_.indices) {
                const bool by_alias = std::ranges::any_of(index.aliases, [&](const auto& alias) {
                    return glob_match(term, alias.first);
                });
                if (term == "_all" || glob_match(term, name) || by_alias) {
                    names.insert(name);
                    found = true;
                }
            }
            if (!found && !ignores) {
                throw Refused{
                    404, "index_not_found_exception", fmt::format("no such index [{}]", term)};
            }
        }
        return {names.begin(), names.end()};
    }

    void check_blocks(const std::vector<std::string>& names, bool deletes) {
        for (const std::string& name : names) {
            const auto& settings = state_.indices[name].settings;
            const auto has = [&](const char* block) {
                const auto found = settings.find(std::string("index.blocks.") + block);
                return found != settings.end() && found->second == "true";
            };
            if (has("read_only")) {
                throw Refused{
                    403,
                    "cluster_block_exception",
                    fmt::format("index [{}] blocked by: [FORBIDDEN/5/index read-only (api)];",
                                name)};
            }
            if (has("read_only_allow_delete") && !deletes) {
                throw Refused{state_.version.is_at_least(7) ? 429 : 403,
                              "cluster_block_exception",
                              fmt::format("index [{}] blocked by: [TOO_MANY_REQUESTS/12/disk usage "
                                          "exceeded flood-stage watermark, index has "
                                          "read-only-allow-delete block];",
                                          name)};
            }
        }
    }

    std::string cat_indices() {
        if (state_.version.is_at_least(7, 7)) {
            allow({"format", "bytes", "h", "expand_wildcards"});
        } else {
            allow({"format", "bytes", "h"});
        }
        std::string rows;
        for (const auto& [name, index] : state_.indices) {
            if (index.is_hidden && state_.version.is_at_least(7, 7) &&
                !state_.version.is_opensearch &&
                parameter("expand_wildcards").find("hidden") == std::string::npos) {
                continue;
            }
            const auto number = [&](std::int64_t value) {
                return index.is_open ? json_text(std::to_string(value)) : std::string("null");
            };
            const std::map<std::string, std::string> cells{
                {"index", json_text(name)},
                {"uuid", json_text(index.uuid)},
                {"status", json_text(index.is_open ? "open" : "close")},
                {"health", json_text("green")},
                {"pri", json_text(std::to_string(index.shards))},
                {"rep", json_text(std::to_string(index.replicas))},
                {"docs.count", number(index.docs)},
                {"store.size", number(index.bytes * (1 + index.replicas))},
                {"pri.store.size", number(index.bytes)},
            };
            std::string row;
            for (const std::string& column : split(parameter("h"), ',')) {
                if (const auto cell = cells.find(column); cell != cells.end()) {
                    row += fmt::format(
                        "{}{}:{}", row.empty() ? "" : ",", json_text(column), cell->second);
                }
            }
            rows += fmt::format("{}{{{}}}", rows.empty() ? "" : ",", row);
        }
        return fmt::format("[{}]", rows);
    }

    std::string list_settings() {
        allow({"expand_wildcards", "flat_settings", "ignore_unavailable"});
        std::string all;
        for (const std::string& name : resolve(asked_.path[0])) {
            const FakeIndex& index = state_.indices[name];
            // Nested, as servers show them; ours have one level below index at most, but for these.
            std::string values = fmt::format(
                R"("creation_date":"{}","number_of_replicas":"{}","number_of_shards":"{}","uuid":"{}")",
                index.created_ms,
                index.replicas,
                index.shards,
                index.uuid);
            if (index.is_hidden) {
                values += R"(,"hidden":"true")";
            }
            values += nested(index);
            all += fmt::format(R"({}{}:{{"settings":{{"index":{{{}}}}}}})",
                               all.empty() ? "" : ",",
                               json_text(name),
                               values);
        }
        return fmt::format("{{{}}}", all);
    }

    /// "index.a.b.c": "v" as ,"a":{"b":{"c":"v"}}; settings that share a beginning are put
    /// together.
    static std::string nested(const FakeIndex& index) {
        Json root(rapidjson::kObjectType);
        auto& allocator = root.GetAllocator();
        for (const auto& [path, value] : index.settings) {
            rapidjson::Value* at = &root;
            const auto segments = split(path, '.');
            for (std::size_t i = 1; i < segments.size(); ++i) {
                rapidjson::Value key(segments[i].c_str(), allocator);
                if (!at->HasMember(segments[i].c_str())) {
                    rapidjson::Value child(rapidjson::kObjectType);
                    if (i + 1 == segments.size()) {
                        child.SetString(value.c_str(), allocator);
                    }
                    at->AddMember(key, child, allocator);
                }
                at = &(*at)[segments[i].c_str()];
            }
        }
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        root.Accept(writer);
        const std::string text = buffer.GetString();
        return text == "{}" ? std::string() : "," + text.substr(1, text.size() - 2);
    }

    std::string list_aliases() {
        if (asked_.method == HttpMethod::del) {
            for (const std::string& name : resolve(asked_.path[0])) {
                state_.indices[name].aliases.clear();
            }
            return R"({"acknowledged":true})";
        }
        allow({"expand_wildcards", "ignore_unavailable"});
        std::string all;
        for (const auto& [name, index] : state_.indices) {
            std::string aliases;
            for (const auto& [alias, is_write] : index.aliases) {
                aliases += fmt::format("{}{}:{}",
                                       aliases.empty() ? "" : ",",
                                       json_text(alias),
                                       is_write && state_.version.is_at_least(6, 4)
                                           ? fmt::format(R"({{"is_write_index":{}}})", *is_write)
                                           : std::string("{}"));
            }
            all += fmt::format(
                R"({}{}:{{"aliases":{{{}}}}})", all.empty() ? "" : ",", json_text(name), aliases);
        }
        return fmt::format("{{{}}}", all);
    }

    std::string change_aliases() {
        allow({"master_timeout", "timeout"});
        if (!asked_.has_body || !asked_.body.HasMember("actions") ||
            asked_.body["actions"].Empty()) {
            throw Refused{400, "illegal_argument_exception", "No action specified"};
        }
        auto changed = state_.indices;  // all or nothing
        for (const auto& action : asked_.body["actions"].GetArray()) {
            const bool adds = action.HasMember("add");
            const auto& what = action[adds ? "add" : "remove"];
            const std::string name = what["index"].GetString();
            const std::string alias = what["alias"].GetString();
            if (!changed.contains(name)) {
                throw Refused{
                    404, "index_not_found_exception", fmt::format("no such index [{}]", name)};
            }
            check_blocks({name}, false);
            if (adds) {
                auto& flag = changed[name].aliases[alias];
                if (what.HasMember("is_write_index")) {
                    flag = what["is_write_index"].GetBool();
                }
            } else if (changed[name].aliases.erase(alias) == 0) {
                throw Refused{
                    404, "aliases_not_found_exception", fmt::format("aliases [{}] missing", alias)};
            }
        }
        state_.indices = std::move(changed);
        return R"({"acknowledged":true})";
    }

    std::string list_streams() {
        allow({"expand_wildcards"});
        std::string all;
        for (const auto& [name, indices] : state_.streams) {
            std::string members;
            for (const std::string& index : indices) {
                members += fmt::format(R"({}{{"index_name":{},"index_uuid":{}}})",
                                       members.empty() ? "" : ",",
                                       json_text(index),
                                       json_text(state_.indices[index].uuid));
            }
            all += fmt::format(
                R"({}{{"name":{},"timestamp_field":{{"name":"@timestamp"}},"indices":[{}]}})",
                all.empty() ? "" : ",",
                json_text(name),
                members);
        }
        return fmt::format(R"({{"data_streams":[{}]}})", all);
    }

    std::string stats() {
        allow({"level"});
        std::string all;
        for (const auto& [name, index] : state_.indices) {
            if (index.is_open) {
                all += fmt::format(R"({}{}:{{"total":{{"segments":{{"count":{}}}}}}})",
                                   all.empty() ? "" : ",",
                                   json_text(name),
                                   index.segments);
            }
        }
        return fmt::format(R"({{"indices":{{{}}}}})", all);
    }

    /// The field is as old as its index, and a day long.
    std::string search() {
        std::string responses;
        const auto lines = split(request_.body, '\n');
        for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
            Json header;
            header.Parse(lines[i].c_str());
            const std::string name = header["index"].GetString();
            const std::int64_t first = state_.indices[name].created_ms;
            responses += fmt::format(
                R"({}{{"aggregations":{{"min":{{"value":{}.0}},"max":{{"value":{}.0}}}},"status":200}})",
                responses.empty() ? "" : ",",
                first,
                first + 86'399'000);
        }
        return fmt::format(R"({{"responses":[{}]}})", responses);
    }

    /// Counts of hits and aggregations over the documents of indices that keep them.
    std::string search_documents() {
        allow({"size", "ignore_unavailable", "allow_no_indices", "expand_wildcards", "timeout"});
        FakeDocuments all;
        std::int64_t shards = 0;
        std::vector<const FakeDocument*> rows;
        std::vector<std::shared_ptr<const FakeDocuments>> kept;
        for (const std::string& name : resolve(asked_.path[0])) {
            const FakeIndex& index = state_.indices[name];
            shards += index.shards;
            if (index.documents) {
                kept.push_back(index.documents);
                all.keyword_suffix = index.documents->keyword_suffix;
            }
        }
        const Json& body = asked_.body;
        const bool has_query = asked_.has_body && body.HasMember("query");
        const char* const name =
            asked_.has_body && body.HasMember("aggregations") ? "aggregations" : "aggs";
        try {
            for (const auto& documents : kept) {
                for (const FakeDocument& row : documents->rows) {
                    if (!has_query || meets_query(body["query"], row, *documents, state_.now_ms)) {
                        rows.push_back(&row);
                    }
                }
            }
            return format_document([&](sandbox::Json& json) {
                write_search_head(json, shards, rows.size());
                if (asked_.has_body && body.HasMember(name)) {
                    json.key("aggregations");
                    write_aggregations(json,
                                       body[name],
                                       rows,
                                       all,
                                       {.takes_interval = !state_.version.is_at_least(8) ||
                                                          state_.version.is_opensearch,
                                        .takes_fixed_interval = state_.version.is_at_least(7, 2)},
                                       state_.now_ms);
                }
                json.end_object();
            });
        } catch (const UnknownQuery& unknown) {
            throw Refused{400, unknown.type, unknown.reason};
        }
    }

    void write_search_head(sandbox::Json& json, std::int64_t shards, std::size_t hits) const {
        json.begin_object()
            .integer("took", 3)
            .flag("timed_out", state_.searches_time_out)
            .begin_object("_shards")
            .integer("total", shards)
            .integer("successful", shards - state_.failing_shards);
        if (state_.version.is_at_least(6)) {
            json.integer("skipped", 0);
        }
        json.integer("failed", state_.failing_shards).end_object().begin_object("hits");
        if (state_.version.is_at_least(7)) {
            json.begin_object("total")
                .integer("value", static_cast<std::int64_t>(hits))
                .text("relation", "eq")
                .end_object();
        } else {
            json.integer("total", static_cast<std::int64_t>(hits));
        }
        json.null("max_score").begin_array("hits").end_array().end_object();
    }

    /// Types of the fields asked for, in the indices that keep documents.
    std::string field_capabilities() {
        allow({"fields", "ignore_unavailable", "allow_no_indices", "expand_wildcards"});
        std::map<std::string, std::string_view> types;
        for (const std::string& name : resolve(asked_.path[0])) {
            const auto& documents = state_.indices[name].documents;
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
        const auto wanted = split(parameter("fields"), ',');
        return format_document([&](sandbox::Json& json) {
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

    std::string cluster() {
        if (asked_.path.size() == 2 && asked_.path[1] == "health") {
            return R"({"cluster_name":"sandbox","status":"green","relocating_shards":0})";
        }
        if (asked_.path.size() == 2 && asked_.path[1] == "settings" &&
            asked_.method == HttpMethod::put) {
            if (!asked_.has_body) {
                throw Refused{400, "action_request_validation_exception", "no settings to update"};
            }
            return R"({"acknowledged":true,"persistent":{},"transient":{}})";
        }
        throw Refused{400, "illegal_argument_exception", "no handler found"};
    }

    std::string create() {
        const std::string& name = asked_.path[0];
        if (std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; })) {
            throw Refused{400,
                          "invalid_index_name_exception",
                          fmt::format("Invalid index name [{}], must be lowercase", name)};
        }
        if (state_.indices.contains(name)) {
            throw Refused{400,
                          "resource_already_exists_exception",
                          fmt::format("index [{}] already exists", name)};
        }
        state_.add(name);
        return fmt::format(R"({{"acknowledged":true,"shards_acknowledged":true,"index":{}}})",
                           json_text(name));
    }

    std::string remove() {
        allow({"master_timeout", "timeout", "ignore_unavailable", "expand_wildcards"});
        const std::string& list = asked_.path[0];
        for (const std::string& term : split(list, ',')) {
            const bool is_alias = !state_.indices.contains(term) &&
                                  std::ranges::any_of(state_.indices, [&](const auto& index) {
                                      return index.second.aliases.contains(term);
                                  });
            if (is_alias && state_.version.is_at_least(6)) {
                throw Refused{400,
                              "illegal_argument_exception",
                              fmt::format("The provided expression [{}] matches an alias, specify "
                                          "the corresponding concrete indices instead.",
                                          term)};
            }
        }
        const auto names = resolve(list);
        check_blocks(names, true);
        for (auto& [stream, members] : state_.streams) {
            if (!members.empty() && std::ranges::find(names, members.back()) != names.end()) {
                throw Refused{400,
                              "illegal_argument_exception",
                              fmt::format("index [{}] is the write index for data stream [{}] and "
                                          "cannot be deleted",
                                          members.back(),
                                          stream)};
            }
        }
        for (const std::string& name : names) {
            state_.indices.erase(name);
            for (auto& [stream, members] : state_.streams) {
                std::erase(members, name);
            }
        }
        return R"({"acknowledged":true})";
    }

    std::string change_settings() {
        allow({"ignore_unavailable", "preserve_existing", "expand_wildcards"});
        const auto names = resolve(asked_.path[0]);
        std::map<std::string, std::optional<std::string>> changes;
        flatten(asked_.body, "", changes);
        if (!state_.version.is_at_least(5)) {  // null is no value there; "" clears
            std::erase_if(changes, [](const auto& change) { return !change.second; });
            if (changes.empty()) {
                throw Refused{400,
                              "action_request_validation_exception",
                              "Validation Failed: 1: no settings to update;"};
            }
        }
        const bool only_blocks = std::ranges::all_of(
            changes, [](const auto& change) { return change.first.starts_with("index.blocks."); });
        if (!only_blocks) {
            check_blocks(names, false);
        }
        for (const std::string& name : names) {
            FakeIndex& index = state_.indices[name];
            for (const auto& [key, value] : changes) {
                if (key == "index.number_of_replicas") {
                    index.replicas = std::stoi(value.value_or("1"));
                } else if (value) {
                    index.settings[key] = *value;
                } else {
                    index.settings.erase(key);
                }
            }
        }
        return R"({"acknowledged":true})";
    }

    static void flatten(const rapidjson::Value& object,
                        const std::string& prefix,
                        std::map<std::string, std::optional<std::string>>& out) {
        for (const auto& member : object.GetObject()) {
            std::string path = prefix + member.name.GetString();
            if (member.value.IsObject()) {
                flatten(member.value, path + ".", out);
                continue;
            }
            if (!path.starts_with("index.")) {
                path = "index." + path;
            }
            if (member.value.IsNull()) {
                out[path] = std::nullopt;
            } else if (member.value.IsString()) {
                out[path] = member.value.GetString();
            } else if (member.value.IsBool()) {
                out[path] = member.value.GetBool() ? "true" : "false";
            } else if (member.value.IsInt64()) {
                out[path] = std::to_string(member.value.GetInt64());
            }
        }
    }

    std::string change_state() {
        const std::string& what = asked_.path[1];
        const auto names = resolve(asked_.path[0]);
        if (what == "_open") {
            for (const std::string& name : names) {
                state_.indices[name].is_open = true;
            }
            return R"({"acknowledged":true,"shards_acknowledged":true})";
        }
        if (what == "_close") {
            allow({"ignore_unavailable", "wait_for_active_shards"});
            check_blocks(names, false);
            for (const std::string& name : names) {
                state_.indices[name].is_open = false;
            }
            return R"({"acknowledged":true})";
        }
        const bool merges =
            what == (state_.version.is_at_least(2, 1) ? "_forcemerge" : "_optimize");
        if (what != "_flush" && !merges) {
            throw Refused{400, "illegal_argument_exception", "no handler found for uri"};
        }
        for (const std::string& name : names) {
            if (!state_.indices[name].is_open) {
                throw Refused{
                    state_.version.is_at_least(6) ? 400 : 403, "index_closed_exception", "closed"};
            }
        }
        if (merges) {
            allow({"max_num_segments", "wait_for_completion"});
            check_blocks(names, false);
            for (const std::string& name : names) {
                FakeIndex& index = state_.indices[name];
                index.segments = std::int64_t{index.shards} * (1 + index.replicas) *
                                 std::stoll(parameter("max_num_segments"));
            }
        } else {
            allow({"force", "ignore_unavailable", "wait_if_ongoing"});
        }
        return R"({"_shards":{"total":1,"successful":1,"failed":0}})";
    }

    std::string rollover() {
        allow({"dry_run", "wait_for_active_shards"});
        const std::string& alias = asked_.path[0];
        std::string old_index;
        int members = 0;
        for (const auto& [name, index] : state_.indices) {
            if (const auto found = index.aliases.find(alias); found != index.aliases.end()) {
                ++members;
                if (old_index.empty() || found->second.value_or(false)) {
                    old_index = name;
                }
            }
        }
        if (members == 0) {
            throw Refused{400,
                          "illegal_argument_exception",
                          fmt::format("rollover target [{}] does not exist", alias)};
        }
        const std::string new_index =
            asked_.path.size() > 2 ? asked_.path[2] : next_name(old_index);
        bool is_due = true;
        const std::string conditions = judge_conditions(state_.indices[old_index], is_due);
        const bool dry_run = parameter("dry_run") == "true";
        if (is_due && !dry_run) {
            FakeIndex& old = state_.indices[old_index];
            if (old.aliases[alias]) {
                old.aliases[alias] = false;
            } else {
                old.aliases.erase(alias);
            }
            state_.add(new_index).aliases[alias] = true;
        }
        return fmt::format(
            R"({{"acknowledged":{0},"shards_acknowledged":{0},"old_index":{1},"new_index":{2},)"
            R"("rolled_over":{0},"dry_run":{3},"conditions":{{{4}}}}})",
            is_due && !dry_run,
            json_text(old_index),
            json_text(new_index),
            dry_run,
            conditions);
    }

    std::string judge_conditions(const FakeIndex& index, bool& is_due) {
        if (!asked_.has_body || !asked_.body.HasMember("conditions") ||
            asked_.body["conditions"].ObjectEmpty()) {
            return {};
        }
        is_due = false;
        std::string all;
        for (const auto& condition : asked_.body["conditions"].GetObject()) {
            const std::string name = condition.name.GetString();
            bool is_met = false;
            std::string wanted;
            if (name == "max_docs") {
                wanted = std::to_string(condition.value.GetInt64());
                is_met = index.docs >= condition.value.GetInt64();
            } else if (name == "max_age" || name == "max_size") {
                wanted = condition.value.GetString();
                const std::int64_t count = std::stoll(wanted);
                is_met = name == "max_age" ? state_.now_ms - index.created_ms >= count * 86'400'000
                                           : index.bytes >= count << 30U;
            } else {
                throw Refused{400,
                              "x_content_parse_exception",
                              fmt::format("[conditions] unknown field [{}]", name)};
            }
            is_due = is_due || is_met;
            all += fmt::format(R"({}"[{}: {}]":{})", all.empty() ? "" : ",", name, wanted, is_met);
        }
        return all;
    }

    static std::string next_name(const std::string& name) {
        const std::size_t dash = name.rfind('-');
        const std::string digits = dash == std::string::npos ? "" : name.substr(dash + 1);
        if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) {
            throw Refused{400,
                          "illegal_argument_exception",
                          fmt::format("index name [{}] does not match pattern '^.*-\\d+$'", name)};
        }
        return fmt::format("{}-{:06}", name.substr(0, dash), std::stoi(digits) + 1);
    }

    std::string snapshots() {
        const auto& path = asked_.path;
        if (path.size() == 2 && path[1] == "_status") {
            return R"({"snapshots":[]})";
        }
        if (path.size() < 2) {
            return "{}";
        }
        const auto repository = state_.repositories.find(path[1]);
        if (repository == state_.repositories.end()) {
            throw Refused{
                404, "repository_missing_exception", fmt::format("[{}] missing", path[1])};
        }
        auto& all = repository->second;
        if (path.size() == 2 || path[2] == "_verify") {
            return fmt::format(R"({{{}:{{"type":"fs"}}}})", json_text(path[1]));
        }
        if (asked_.method == HttpMethod::put) {
            allow({"wait_for_completion"});
            if (all.contains(path[2])) {
                throw Refused{400,
                              "invalid_snapshot_name_exception",
                              fmt::format("[{}:{}] Invalid snapshot name [{}], snapshot with the "
                                          "same name already exists",
                                          path[1],
                                          path[2],
                                          path[2])};
            }
            all[path[2]] = {.indices = split(asked_.body["indices"].GetString(), ','),
                            .started_ms = state_.now_ms};
            return R"({"accepted":true})";
        }
        const bool lists_all = path[2] == "_all" || path[2] == "*";
        if (!lists_all && !all.contains(path[2])) {
            throw Refused{404,
                          "snapshot_missing_exception",
                          fmt::format("[{}:{}] is missing", path[1], path[2])};
        }
        if (asked_.method == HttpMethod::del) {
            all.erase(path[2]);
            return R"({"acknowledged":true})";
        }
        std::string rows;
        for (const auto& [name, snapshot] : all) {
            if (lists_all || name == path[2]) {
                rows += fmt::format(
                    R"({}{{"snapshot":{},"uuid":{},"state":{},"start_time_in_millis":{}}})",
                    rows.empty() ? "" : ",",
                    json_text(name),
                    json_text("uuid-" + name),
                    json_text(snapshot.state),
                    snapshot.started_ms);
            }
        }
        return fmt::format(R"({{"snapshots":[{}]}})", rows);
    }

    SearchState& state_;
    const HttpRequest& request_;
    Asked asked_;
};

}  // namespace

ServedAnswer answer_search(SearchState& state, const HttpRequest& request) {
    return Engine(state, request).answer();
}

}  // namespace caretaker::sandbox
