// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/change_requests.hpp"

#include "common/base/error.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/action_checks.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view version_suffix = " HTTP/1.1";

std::string settings_body(const ActionSpec& spec, const SearchEngine& engine) {
    JsonWriter json;
    json.begin_object();
    if (spec.type == ActionType::replicas) {
        json.key("index");
        json.begin_object();
        json.member("number_of_replicas", spec.options.integer("count"));
        json.end_object();
    } else {
        json.key(fmt::format("index.routing.allocation.{}.{}",
                             spec.options.text("allocation_type"),
                             spec.options.text("key")));
        if (spec.options.has("value")) {
            json.value(spec.options.text("value"));
        } else if (has_feature(engine, SearchFeature::strict_parameters)) {
            json.null();
        } else {
            json.value("");  // before 5.0 null is no value, and an empty text clears
        }
    }
    json.end_object();
    return std::string(json.text());
}

std::string settings_path(const ActionSpec& spec, std::string_view names) {
    std::string path = fmt::format("/{}/_settings", names);
    if (spec.type == ActionType::index_settings) {
        path += fmt::format("?ignore_unavailable={}",
                            spec.options.flag("ignore_unavailable") ? "true" : "false");
        if (spec.options.flag("preserve_existing")) {
            path += "&preserve_existing=true";
        }
    }
    return path;
}

void add_close(const ActionSpec& spec,
               std::string_view names,
               std::vector<ChangeRequest>& requests) {
    if (spec.options.flag("delete_aliases")) {
        requests.push_back(
            {.request = {.method = HttpMethod::del, .url = fmt::format("/{}/_alias/*", names)},
             .may_fail = true});
    }
    if (!spec.options.flag("skip_flush")) {
        requests.push_back(
            {.request = {.method = HttpMethod::post,
                         .url = fmt::format("/{}/_flush?force=true&ignore_unavailable=true", names),
                         .effect = HttpEffect::repeatable_change},
             .may_fail = spec.options.flag("ignore_sync_failures")});
    }
    requests.push_back({.request = {.method = HttpMethod::post,
                                    .url = fmt::format("/{}/_close?ignore_unavailable=true", names),
                                    .effect = HttpEffect::repeatable_change}});
}

/// The members of a JSON object without its braces.
std::string inner_members(const CuratorValue* map) {
    if (map == nullptr || map->keys.empty()) {
        return {};
    }
    const std::string json = to_json(*map);
    return json.substr(1, json.size() - 2);
}

std::string json_text(std::string_view text) {
    JsonWriter json;
    json.value(text);
    return std::string(json.text());
}

}  // namespace

std::vector<NameChunk> chunk_names(const ActionList& list,
                                   std::span<const std::size_t> actions,
                                   std::size_t longest,
                                   std::size_t most) {
    std::vector<NameChunk> chunks;
    for (const std::size_t action : actions) {
        const std::string name = encode_segment(list.subject(action));
        if (chunks.empty() || chunks.back().names.size() + 1 + name.size() > longest ||
            (most > 0 && chunks.back().actions.size() >= most)) {
            chunks.emplace_back();
        }
        NameChunk& chunk = chunks.back();
        chunk.names += chunk.names.empty() ? "" : ",";
        chunk.names += name;
        chunk.actions.push_back(action);
    }
    return chunks;
}

std::vector<ChangeRequest> change_requests(const ActionSpec& spec,
                                           std::string_view names,
                                           const SearchEngine& engine) {
    std::vector<ChangeRequest> requests;
    const auto add = [&](HttpMethod method, std::string path) {
        requests.push_back({.request = {.method = method,
                                        .url = std::move(path),
                                        .effect = HttpEffect::repeatable_change}});
    };
    switch (spec.type) {
        case ActionType::delete_indices:
            add(HttpMethod::del, fmt::format("/{}?master_timeout=30s", names));
            break;
        case ActionType::close:
            add_close(spec, names, requests);
            break;
        case ActionType::open:
            add(HttpMethod::post, fmt::format("/{}/_open", names));
            break;
        case ActionType::replicas:
        case ActionType::allocation:
            requests.push_back(
                {.request = json_request(
                     HttpMethod::put, settings_path(spec, names), settings_body(spec, engine))});
            break;
        case ActionType::index_settings:
            requests.push_back(
                {.request = json_request(HttpMethod::put,
                                         settings_path(spec, names),
                                         to_json(*spec.options.find("index_settings")))});
            break;
        case ActionType::forcemerge: {
            const bool has_new_name = has_feature(engine, SearchFeature::force_merge);
            add(HttpMethod::post,
                fmt::format("/{}/{}?max_num_segments={}",
                            names,
                            has_new_name ? "_forcemerge" : "_optimize",
                            spec.options.integer("max_num_segments")));
            requests.back().request.may_be_silent = true;
            break;
        }
        case ActionType::freeze:
        case ActionType::unfreeze:
            if (!has_feature(engine, SearchFeature::frozen_indices)) {
                throw UsageError(fmt::format("action {}: {} has no {}",
                                             spec.id,
                                             describe_engine(engine),
                                             to_string(spec.type)));
            }
            add(HttpMethod::post, fmt::format("/{}/_{}", names, to_string(spec.type)));
            break;
        default:
            throw UsageError(fmt::format("the action {} has no list of indices to change",
                                         to_string(spec.type)));
    }
    for (ChangeRequest& change : requests) {
        change.request.timeout = request_timeout(spec);
    }
    return requests;
}

std::size_t request_overhead(const ActionSpec& spec, const SearchEngine& engine) {
    std::size_t longest = 0;
    for (const ChangeRequest& change : change_requests(spec, "", engine)) {
        longest = std::max(longest,
                           to_string(change.request.method).size() + 1 + change.request.url.size() +
                               version_suffix.size());
    }
    return longest;
}

bool is_one_by_one(ActionType type) {
    return type == ActionType::forcemerge;
}

std::string alias_body(const RotateStep& step, const ActionList& list) {
    const std::string extra = inner_members(step.spec->options.find("extra_settings"));
    std::string actions;
    for (const std::size_t action : step.actions) {
        const bool adds = list.kind(action) == "add_alias";
        actions += actions.empty() ? "" : ",";
        actions += fmt::format(R"({{"{}":{{"index":{},"alias":{}{}{}}}}})",
                               adds ? "add" : "remove",
                               json_text(list.subject(action)),
                               json_text(step.name),
                               adds && !extra.empty() ? "," : "",
                               adds ? extra : std::string());
    }
    return fmt::format(R"({{"actions":[{}]}})", actions);
}

std::string rollover_body(const ActionSpec& spec) {
    std::vector<ConfigProblem> problems;  // none: it was checked when the file was read
    OptionChecker checker(spec.file, problems);
    const CheckedOptions conditions =
        read_rollover_conditions(*spec.options.find("conditions"), checker);
    std::string due;
    for (const char* name : {"max_age", "max_docs", "max_size"}) {
        if (conditions.has(name)) {
            due += fmt::format(R"({}"{}":{})",
                               due.empty() ? "" : ",",
                               name,
                               std::string_view(name) == "max_docs"
                                   ? std::to_string(conditions.integer(name))
                                   : json_text(conditions.text(name)));
        }
    }
    std::string body = fmt::format(R"({{"conditions":{{{}}})", due);
    const CuratorValue* settings = spec.options.find("extra_settings");
    if (settings != nullptr && !settings->keys.empty()) {
        body += fmt::format(R"(,"settings":{})", to_json(*settings));
    }
    return body + "}";
}

std::optional<std::chrono::milliseconds> request_timeout(const ActionSpec& spec) {
    using std::chrono::seconds;
    if (spec.options.is_given("timeout_override")) {
        return seconds(spec.options.integer("timeout_override"));
    }
    switch (spec.type) {
        case ActionType::close:
            return seconds(180);
        case ActionType::delete_snapshots:
            return seconds(300);
        case ActionType::forcemerge:
        case ActionType::restore:
        case ActionType::snapshot:
            return seconds(21'600);
        case ActionType::delete_indices:
            return seconds(60);  // the server itself waits for its master up to 30 s
        default:
            return std::nullopt;
    }
}

}  // namespace caretaker
