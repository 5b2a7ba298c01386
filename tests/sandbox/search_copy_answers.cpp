// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_copy_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

namespace {

std::string setting(const FakeIndex& index, const std::string& key) {
    const auto found = index.settings.find(key);
    return found == index.settings.end() ? std::string() : found->second;
}

/// A shard that has no copy on one node with all others cannot be linked there.
bool all_on_one_node(const SearchState& state, const FakeIndex& index) {
    std::map<std::string, std::set<int>> shards;
    for (const FakeCopy& copy : state.copies(index)) {
        shards[copy.node].insert(copy.shard);
    }
    return std::ranges::any_of(shards, [&](const auto& node) {
        return !node.first.empty() && node.second.size() == static_cast<std::size_t>(index.shards);
    });
}

/// The number of an index setting of the body, written with or without "index.".
int body_number(SearchCall& call, const std::string& name, int fallback) {
    if (!call.has_body() || !call.body().HasMember("settings")) {
        return fallback;
    }
    const auto& settings = call.body()["settings"];
    for (const std::string& key : {"index." + name, name}) {
        const auto found = settings.FindMember(key.c_str());
        if (found != settings.MemberEnd()) {
            return found->value.IsString() ? std::stoi(found->value.GetString())
                                           : found->value.GetInt();
        }
    }
    return fallback;
}

std::vector<std::string> source_names(const rapidjson::Value& source) {
    std::vector<std::string> names;
    const auto& index = source["index"];
    if (index.IsString()) {
        return split(index.GetString(), ',');
    }
    for (const auto& name : index.GetArray()) {
        names.emplace_back(name.GetString());
    }
    return names;
}

/// How many documents the sources hold.
std::int64_t count_documents(SearchCall& call, const rapidjson::Value& source) {
    const std::vector<std::string> names = source_names(source);
    const SearchState& state = call.state();
    std::int64_t count = 0;
    if (!source.HasMember("remote")) {
        for (const std::string& list : names) {
            for (const std::string& name : call.resolve(list)) {
                count += state.indices.at(name).docs;
            }
        }
        return count;
    }
    std::string host = source["remote"]["host"].GetString();
    host = host.substr(host.find("://") + 3);
    const auto remote = state.remotes.find(host);
    if (remote == state.remotes.end()) {
        const std::string_view word = state.version.is_opensearch ? "allowlist" : "whitelist";
        throw Refused{400,
                      "illegal_argument_exception",
                      fmt::format("[{}] not {}ed in reindex.remote.{}", host, word, word)};
    }
    for (const std::string& name : names) {
        const auto found = remote->second.find(name);
        if (found == remote->second.end()) {
            throw Refused{
                404, "index_not_found_exception", fmt::format("no such index [{}]", name)};
        }
        count += found->second;
    }
    return count;
}

std::string no_such_task(const std::string& id) {
    return fmt::format("task [{}] isn't running and hasn't stored its results", id);
}

}  // namespace

std::string shrink(SearchCall& call) {
    call.allow({"wait_for_active_shards", "timeout", "master_timeout", "copy_settings"});
    SearchState& state = call.state();
    const std::string source = call.resolve(call.path()[0]).front();
    const std::string& target = call.path()[2];
    const FakeIndex from = state.indices[source];
    if (state.indices.contains(target)) {
        throw Refused{
            400,
            "resource_already_exists_exception",
            fmt::format("index [{}/{}] already exists", target, state.indices[target].uuid)};
    }
    if (setting(from, "index.blocks.write") != "true") {
        throw Refused{500,
                      "illegal_state_exception",
                      fmt::format("index {} must be read-only to resize index. use "
                                  "\"index.blocks.write=true\"",
                                  source)};
    }
    const int shards = body_number(call, "number_of_shards", 1);
    if (shards > from.shards || from.shards % shards != 0) {
        throw Refused{400,
                      "illegal_argument_exception",
                      fmt::format("the number of source shards [{}] must be a multiple of [{}]",
                                  from.shards,
                                  shards)};
    }
    if (!all_on_one_node(state, from)) {
        throw Refused{500,
                      "illegal_state_exception",
                      "index must have all shards allocated on the same node to shrink index"};
    }
    FakeIndex& made = state.add(target);
    made.shards = shards;
    made.replicas = body_number(call, "number_of_replicas", from.replicas);
    made.docs = from.docs;
    made.bytes = from.bytes;
    made.busy_polls = state.slowness;
    made.settings["index.resize.source.name"] = source;
    made.settings["index.resize.source.uuid"] = from.uuid;
    return fmt::format(R"({{"acknowledged":true,"shards_acknowledged":true,"index":{}}})",
                       json_text(target));
}

std::string reindex(SearchCall& call) {
    call.allow({"refresh",
                "timeout",
                "wait_for_active_shards",
                "wait_for_completion",
                "requests_per_second",
                "slices",
                "scroll"});
    SearchState& state = call.state();
    for (const auto& member : call.body().GetObject()) {
        const std::string_view key = member.name.GetString();
        const bool counts = key == "max_docs" || key == "size";
        const bool is_old = !state.version.is_at_least(7, 3);
        if (counts && (key == "size") != is_old) {
            throw Refused{
                400, "x_content_parse_exception", fmt::format("[reindex] unknown field [{}]", key)};
        }
    }
    const std::int64_t total = count_documents(call, call.body()["source"]);
    const std::string dest = call.body()["dest"]["index"].GetString();
    if (total > 0) {
        FakeIndex& made = state.indices.contains(dest) ? state.indices[dest] : state.add(dest);
        made.docs += total;
    }
    const std::string response = fmt::format(
        R"({{"took":1,"timed_out":false,"total":{0},"created":{0},"updated":0,"failures":[]}})",
        total);
    if (call.parameter("wait_for_completion") != "false") {
        return response;
    }
    const std::string id = fmt::format("node-id-1:{}", ++state.made);
    state.tasks[id] = {
        .description = fmt::format(
            "reindex from [{}] to [{}]", source_names(call.body()["source"]).front(), dest),
        .response = response,
        .polls_left = state.slowness};
    return fmt::format(R"({{"task":"{}"}})", id);
}

std::string tasks(SearchCall& call) {
    SearchState& state = call.state();
    const auto describe = [](const std::string& id, const FakeSearchTask& task) {
        return fmt::format(
            R"({{"node":"node-id-1","id":{},"action":"indices:data/write/reindex","description":{}}})",
            id.substr(id.find(':') + 1),
            json_text(task.description));
    };
    if (call.path().size() == 1) {
        call.allow({"actions", "detailed", "nodes", "group_by"});
        std::string running;
        for (const auto& [id, task] : state.tasks) {
            if (task.polls_left > 0) {
                running += fmt::format(
                    "{}{}:{}", running.empty() ? "" : ",", json_text(id), describe(id, task));
            }
        }
        return running.empty()
                   ? R"({"nodes":{}})"
                   : fmt::format(R"({{"nodes":{{"node-id-1":{{"tasks":{{{}}}}}}}}})", running);
    }
    const std::string& id = call.path()[1];
    const auto task = state.tasks.find(id);
    const bool is_known =
        task != state.tasks.end() && (task->second.polls_left > 0 || state.version.is_at_least(5));
    if (!is_known && !state.version.is_at_least(5)) {
        return R"({"node_failures":[{"type":"failed_node_exception"}],"nodes":{}})";
    }
    if (!is_known) {
        throw Refused{404, "resource_not_found_exception", no_such_task(id)};
    }
    if (task->second.polls_left > 0) {
        --task->second.polls_left;
        return fmt::format(R"({{"completed":false,"task":{}}})", describe(id, task->second));
    }
    return fmt::format(R"({{"completed":true,"task":{},"response":{}}})",
                       describe(id, task->second),
                       task->second.response);
}

}  // namespace caretaker::sandbox
