// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_index_answers.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace caretaker::sandbox {

namespace {

/// All settings as they are kept: "index.uuid": "…".
std::map<std::string, std::string> all_settings(const FakeIndex& index) {
    std::map<std::string, std::string> all = index.settings;
    all["index.creation_date"] = std::to_string(index.created_ms);
    all["index.number_of_replicas"] = std::to_string(index.replicas);
    all["index.number_of_shards"] = std::to_string(index.shards);
    all["index.uuid"] = index.uuid;
    if (index.is_hidden) {
        all["index.hidden"] = "true";
    }
    return all;
}

/// As servers show them: nested, or with flat_settings=true with their whole names.
std::string show_settings(const std::map<std::string, std::string>& settings, bool flat) {
    rapidjson::Document root(rapidjson::kObjectType);
    auto& allocator = root.GetAllocator();
    for (const auto& [path, value] : settings) {
        rapidjson::Value* at = &root;
        const auto segments = flat ? std::vector<std::string>{path} : split(path, '.');
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (!at->HasMember(segments[i].c_str())) {
                rapidjson::Value key(segments[i].c_str(), allocator);
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
    return buffer.GetString();
}

/// Whether `filter_path` asks only for settings that begin so, and the index has none of them.
bool is_filtered_out(const std::map<std::string, std::string>& settings,
                     const std::string& filter) {
    constexpr std::string_view before = "*.settings.";
    if (!filter.starts_with(before) || filter.find(',') != std::string::npos) {
        return false;
    }
    const std::string prefix = filter.substr(before.size()) + ".";
    return std::ranges::none_of(
        settings, [&](const auto& setting) { return setting.first.starts_with(prefix); });
}

/// From 5 on; before, the index went and the snapshot failed.
void refuse_while_snapshotted(SearchCall& call,
                              const std::vector<std::string>& names,
                              std::string_view verb) {
    if (!call.state().version.is_at_least(5)) {
        return;
    }
    for (const auto& [repository, snapshots] : call.state().repositories) {
        for (const auto& [snapshot, facts] : snapshots) {
            for (const std::string& name : names) {
                if (facts.state == "IN_PROGRESS" &&
                    std::ranges::find(facts.indices, name) != facts.indices.end()) {
                    throw Refused{400,
                                  call.state().version.is_at_least(6)
                                      ? "snapshot_in_progress_exception"
                                      : "illegal_argument_exception",
                                  fmt::format("Cannot {} indices that are being snapshotted: "
                                              "[[{}/{}]]. Try again after snapshot finishes or "
                                              "cancel the currently running snapshot.",
                                              verb,
                                              name,
                                              call.state().indices[name].uuid)};
                }
            }
        }
    }
}

void flatten(const rapidjson::Value& object,
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

}  // namespace

std::string cat_indices(SearchCall& call) {
    if (call.state().version.is_at_least(7, 7)) {
        call.allow({"format", "bytes", "h", "expand_wildcards"});
    } else {
        call.allow({"format", "bytes", "h"});
    }
    std::string rows;
    for (const auto& [name, index] : call.state().indices) {
        if (index.is_hidden && call.state().version.is_at_least(7, 7) &&
            !call.state().version.is_opensearch &&
            call.parameter("expand_wildcards").find("hidden") == std::string::npos) {
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
        for (const std::string& column : split(call.parameter("h"), ',')) {
            if (const auto cell = cells.find(column); cell != cells.end()) {
                row +=
                    fmt::format("{}{}:{}", row.empty() ? "" : ",", json_text(column), cell->second);
            }
        }
        rows += fmt::format("{}{{{}}}", rows.empty() ? "" : ",", row);
    }
    return fmt::format("[{}]", rows);
}

std::string list_settings(SearchCall& call) {
    call.allow({"expand_wildcards", "flat_settings", "ignore_unavailable"});
    std::string all;
    for (const std::string& name : call.resolve(call.path()[0])) {
        const auto settings = all_settings(call.state().indices[name]);
        if (is_filtered_out(settings, call.parameter("filter_path"))) {
            continue;
        }
        all += fmt::format(R"({}{}:{{"settings":{}}})",
                           all.empty() ? "" : ",",
                           json_text(name),
                           show_settings(settings, call.parameter("flat_settings") == "true"));
    }
    return fmt::format("{{{}}}", all);
}

std::string stats(SearchCall& call) {
    const SearchVersion& version = call.state().version;
    call.allow({"level", "expand_wildcards", "forbid_closed_indices"});
    const std::string wildcards = call.parameter("expand_wildcards");
    if (wildcards.find("closed") != std::string::npos) {
        throw Refused{version.is_at_least(6) ? 400 : 403, "index_closed_exception", "closed"};
    }
    std::string all;
    for (const auto& [name, index] : call.state().indices) {
        const bool is_shown = !index.is_hidden || !version.is_at_least(7, 7) ||
                              wildcards.find("hidden") != std::string::npos;
        if (index.is_open && is_shown) {
            all += fmt::format(R"({}{}:{{"total":{{"segments":{{"count":{}}}}}}})",
                               all.empty() ? "" : ",",
                               json_text(name),
                               index.segments);
        }
    }
    return fmt::format(R"({{"indices":{{{}}}}})", all);
}

std::string indexing_stats(SearchCall& call) {
    call.allow({"level"});
    std::int64_t all = 0;
    std::string indices;
    for (const std::string& name : call.resolve(call.path()[0])) {
        const FakeIndex& index = call.state().indices[name];
        const std::string counts = fmt::format(
            R"({{"indexing":{{"index_total":{},"delete_total":0}}}})", index.index_total);
        indices += fmt::format(R"({}{}:{{"primaries":{},"total":{}}})",
                               indices.empty() ? "" : ",",
                               json_text(name),
                               counts,
                               counts);
        all += index.index_total;
    }
    const std::string counts = fmt::format(R"({{"indexing":{{"index_total":{}}}}})", all);
    return fmt::format(
        R"({{"_all":{{"primaries":{},"total":{}}},"indices":{{{}}}}})", counts, counts, indices);
}

/// The field is as old as its index, and a day long.
std::string search(SearchCall& call) {
    const SearchState& state = call.state();
    std::string responses;
    const auto lines = split(call.request().body, '\n');
    for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
        rapidjson::Document header;
        header.Parse(lines[i].c_str());
        const std::string name = header["index"].GetString();
        const std::int64_t first = call.state().indices[name].created_ms;
        responses += fmt::format(
            R"({}{{"timed_out":{},"_shards":{{"total":5,"successful":{},"failed":{}}},)"
            R"("aggregations":{{"min":{{"value":{}.0}},"max":{{"value":{}.0}}}},"status":200}})",
            responses.empty() ? "" : ",",
            state.searches_time_out,
            5 - state.failing_shards,
            state.failing_shards,
            first,
            first + 86'399'000);
    }
    return fmt::format(R"({{"responses":[{}]}})", responses);
}

std::string create(SearchCall& call) {
    const std::string& name = call.path()[0];
    if (std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; })) {
        throw Refused{400,
                      "invalid_index_name_exception",
                      fmt::format("Invalid index name [{}], must be lowercase", name)};
    }
    if (call.state().indices.contains(name)) {
        throw Refused{400,
                      "resource_already_exists_exception",
                      fmt::format("index [{}] already exists", name)};
    }
    call.state().add(name);
    return fmt::format(R"({{"acknowledged":true,"shards_acknowledged":true,"index":{}}})",
                       json_text(name));
}

std::string remove(SearchCall& call) {
    call.allow({"master_timeout", "timeout", "ignore_unavailable", "expand_wildcards"});
    const std::string& list = call.path()[0];
    for (const std::string& term : split(list, ',')) {
        const bool is_alias = !call.state().indices.contains(term) &&
                              std::ranges::any_of(call.state().indices, [&](const auto& index) {
                                  return index.second.aliases.contains(term);
                              });
        if (is_alias && call.state().version.is_at_least(6)) {
            throw Refused{400,
                          "illegal_argument_exception",
                          fmt::format("The provided expression [{}] matches an alias, specify "
                                      "the corresponding concrete indices instead.",
                                      term)};
        }
    }
    const auto names = call.resolve(list);
    call.check_blocks(names, true);
    refuse_while_snapshotted(call, names, "delete");
    for (auto& [stream, members] : call.state().streams) {
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
        call.state().indices.erase(name);
        for (auto& [stream, members] : call.state().streams) {
            std::erase(members, name);
        }
    }
    return R"({"acknowledged":true})";
}

std::string change_settings(SearchCall& call) {
    call.allow({"ignore_unavailable", "preserve_existing", "expand_wildcards"});
    const auto names = call.resolve(call.path()[0]);
    std::map<std::string, std::optional<std::string>> changes;
    flatten(call.body(), "", changes);
    if (!call.state().version.is_at_least(5)) {  // null is no value there; "" clears
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
        call.check_blocks(names, false);
    }
    for (const std::string& name : names) {
        FakeIndex& index = call.state().indices[name];
        for (const auto& [key, value] : changes) {
            if (key == "index.number_of_replicas") {
                index.replicas = std::stoi(value.value_or("1"));
            } else if (value) {
                index.settings[key] = *value;
                if (key.starts_with("index.routing.allocation.")) {
                    index.busy_polls = call.state().slowness;  // its shards are on their way
                }
            } else {
                index.settings.erase(key);
            }
        }
    }
    return R"({"acknowledged":true})";
}

std::string change_state(SearchCall& call) {
    const std::string& what = call.path()[1];
    const auto names = call.resolve(call.path()[0]);
    if (what == "_open") {
        for (const std::string& name : names) {
            call.state().indices[name].is_open = true;
        }
        return R"({"acknowledged":true,"shards_acknowledged":true})";
    }
    if (what == "_close") {
        call.allow({"ignore_unavailable", "wait_for_active_shards"});
        call.check_blocks(names, false);
        refuse_while_snapshotted(call, names, "close");
        for (const std::string& name : names) {
            call.state().indices[name].is_open = false;
        }
        return R"({"acknowledged":true})";
    }
    const bool merges =
        what == (call.state().version.is_at_least(2, 1) ? "_forcemerge" : "_optimize");
    if (what != "_flush" && !merges) {
        throw Refused{400, "illegal_argument_exception", "no handler found for uri"};
    }
    for (const std::string& name : names) {
        if (!call.state().indices[name].is_open) {
            throw Refused{call.state().version.is_at_least(6) ? 400 : 403,
                          "index_closed_exception",
                          "closed"};
        }
    }
    if (merges) {
        call.allow({"max_num_segments", "wait_for_completion"});
        call.check_blocks(names, false);
        for (const std::string& name : names) {
            FakeIndex& index = call.state().indices[name];
            index.segments = std::int64_t{index.shards} * (1 + index.replicas) *
                             std::stoll(call.parameter("max_num_segments"));
        }
    } else {
        call.allow({"force", "ignore_unavailable", "wait_if_ongoing"});
    }
    return R"({"_shards":{"total":1,"successful":1,"failed":0}})";
}

}  // namespace caretaker::sandbox
