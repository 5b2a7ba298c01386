// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_snapshot_answers.hpp"

#include "common/text/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

namespace {

using Snapshots = std::map<std::string, FakeSnapshot>;

/// One that is asked for comes closer to its end.
void poll(FakeSnapshot& snapshot) {
    if (snapshot.state == "IN_PROGRESS" && snapshot.polls_left > 0 && --snapshot.polls_left == 0) {
        snapshot.state = "SUCCESS";
    }
}

std::string list_running(SearchCall& call) {
    std::string rows;
    for (auto& [repository, snapshots] : call.state().repositories) {
        for (auto& [name, snapshot] : snapshots) {
            if (snapshot.state != "IN_PROGRESS") {
                continue;
            }
            std::string indices;
            for (const std::string& index : snapshot.indices) {
                indices += fmt::format("{}{}:{{}}", indices.empty() ? "" : ",", json_text(index));
            }
            rows += fmt::format(
                R"({}{{"snapshot":{},"repository":{},"state":"STARTED","indices":{{{}}}}})",
                rows.empty() ? "" : ",",
                json_text(name),
                json_text(repository),
                indices);
            poll(snapshot);
        }
    }
    return fmt::format(R"({{"snapshots":[{}]}})", rows);
}

std::string take(SearchCall& call, Snapshots& all, const std::string& name) {
    call.allow({"wait_for_completion"});
    if (all.contains(name)) {
        throw Refused{400,
                      "invalid_snapshot_name_exception",
                      fmt::format("[{0}:{1}] Invalid snapshot name [{1}], snapshot with the same "
                                  "name already exists",
                                  call.path()[1],
                                  name)};
    }
    FakeSnapshot snapshot{.indices = split(call.body()["indices"].GetString(), ','),
                          .started_ms = call.state().now_ms};
    for (const std::string& index : snapshot.indices) {
        if (const auto found = call.state().indices.find(index);
            found != call.state().indices.end()) {
            snapshot.contents[index] = found->second;
        }
    }
    if (call.state().slowness > 0) {
        snapshot.state = "IN_PROGRESS";
        snapshot.polls_left = call.state().slowness;
    }
    all[name] = std::move(snapshot);
    return R"({"accepted":true})";
}

std::string text_list(const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts) {
        list += fmt::format("{}{}", list.empty() ? "" : ",", json_text(text));
    }
    return list;
}

std::string show(const std::string& name, const FakeSnapshot& snapshot) {
    std::string failures;
    for (const std::string& index : snapshot.failed) {
        failures += fmt::format(
            R"({}{{"index":{},"shard_id":0,"reason":"node shutdown","status":"INTERNAL_SERVER_ERROR"}})",
            failures.empty() ? "" : ",",
            json_text(index));
    }
    return fmt::format(
        R"({{"snapshot":{},"uuid":{},"state":{},"indices":[{}],"start_time_in_millis":{},)"
        R"("failures":[{}]}})",
        json_text(name),
        json_text("uuid-" + name),
        json_text(snapshot.state),
        text_list(snapshot.indices),
        snapshot.started_ms,
        failures);
}

/// A comma list with wildcards and exclusions.
bool is_named(const std::string& list, const std::string& index) {
    bool named = list.empty();
    for (const std::string& term : split(list, ',')) {
        if (term.starts_with('-')) {
            named = named && !glob_match(term.substr(1), index);
        } else {
            named = named || term == "_all" || glob_match(term, index);
        }
    }
    return named;
}

std::string body_text(SearchCall& call, const char* key) {
    return call.has_body() && call.body().HasMember(key) ? call.body()[key].GetString()
                                                         : std::string();
}

std::string restore(SearchCall& call, const std::string& name, const FakeSnapshot& snapshot) {
    call.allow({"wait_for_completion", "master_timeout"});
    const std::string pattern = body_text(call, "rename_pattern");
    const std::string replacement = body_text(call, "rename_replacement");
    std::vector<std::pair<std::string, std::string>> wanted;
    for (const std::string& index : snapshot.indices) {
        if (!is_named(body_text(call, "indices"), index)) {
            continue;
        }
        const std::string target =
            pattern.empty() ? index : std::regex_replace(index, std::regex(pattern), replacement);
        const auto there = call.state().indices.find(target);
        if (there != call.state().indices.end() && there->second.is_open) {
            throw Refused{500,
                          "snapshot_restore_exception",
                          fmt::format("[{}:{}/uuid] cannot restore index [{}] because an open "
                                      "index with same name already exists in the cluster. Either "
                                      "close or delete the existing index or restore the index "
                                      "under a different name by providing a rename pattern and "
                                      "replacement name",
                                      call.path()[1],
                                      name,
                                      target)};
        }
        wanted.emplace_back(index, target);
    }
    for (const auto& [index, target] : wanted) {
        const auto kept = snapshot.contents.find(index);
        FakeIndex& made = call.state().add(target);
        const std::string uuid = made.uuid;
        if (kept != snapshot.contents.end()) {
            made = kept->second;
        }
        made.uuid = uuid;
        made.is_open = true;
        made.aliases.clear();
        made.busy_polls = call.state().slowness;
    }
    return R"({"accepted":true})";
}

std::string mount(SearchCall& call, const std::string& name, const FakeSnapshot& snapshot) {
    call.allow({"storage", "wait_for_completion", "master_timeout"});
    const std::string source = body_text(call, "index");
    if (std::ranges::find(snapshot.indices, source) == snapshot.indices.end()) {
        throw Refused{404,
                      "index_not_found_exception",
                      fmt::format("index [{}] not found in snapshot", source)};
    }
    const std::string renamed = body_text(call, "renamed_index");
    const std::string target = renamed.empty() ? source : renamed;
    if (call.state().indices.contains(target)) {
        throw Refused{500,
                      "snapshot_restore_exception",
                      fmt::format("cannot restore index [{}] because an open index with same name "
                                  "already exists in the cluster",
                                  target)};
    }
    FakeIndex& made = call.state().add(target);
    made.settings["index.store.type"] = "snapshot";
    made.settings["index.store.snapshot.repository_name"] = call.path()[1];
    made.settings["index.store.snapshot.snapshot_name"] = name;
    made.settings["index.store.snapshot.index_name"] = source;
    made.settings["index.store.snapshot.partial"] =
        call.parameter("storage") == "shared_cache" ? "true" : "false";
    const auto& settings = call.body()["index_settings"];
    for (const auto& setting : settings.GetObject()) {
        made.settings[std::string("index.") + setting.name.GetString()] = setting.value.GetString();
    }
    return fmt::format(
        R"({{"snapshot":{{"snapshot":{},"indices":[{}],"shards":{{"total":1,"failed":0,"successful":1}}}}}})",
        json_text(name),
        json_text(target));
}

std::string list(Snapshots& all, const std::string& wanted) {
    std::string rows;
    for (auto& [name, snapshot] : all) {
        if (wanted == "_all" || wanted == "*" || name == wanted) {
            rows += (rows.empty() ? "" : ",") + show(name, snapshot);
            poll(snapshot);
        }
    }
    return fmt::format(R"({{"snapshots":[{}]}})", rows);
}

}  // namespace

std::string answer_snapshots(SearchCall& call) {
    const auto& path = call.path();
    if (path.size() == 2 && path[1] == "_status") {
        return list_running(call);
    }
    if (path.size() < 2) {
        return "{}";
    }
    const auto repository = call.state().repositories.find(path[1]);
    if (repository == call.state().repositories.end()) {
        throw Refused{404, "repository_missing_exception", fmt::format("[{}] missing", path[1])};
    }
    Snapshots& all = repository->second;
    if (path.size() == 2 || path[2] == "_verify") {
        return fmt::format(R"({{{}:{{"type":"fs"}}}})", json_text(path[1]));
    }
    const std::string& name = path[2];
    if (call.is(HttpMethod::put, 3)) {
        return take(call, all, name);
    }
    const bool lists_all = name == "_all" || name == "*";
    if (!lists_all && !all.contains(name)) {
        throw Refused{
            404, "snapshot_missing_exception", fmt::format("[{}:{}] is missing", path[1], name)};
    }
    if (call.is(HttpMethod::del, 3)) {
        all.erase(name);
        return R"({"acknowledged":true})";
    }
    if (call.is(HttpMethod::post, 4) && path[3] == "_restore") {
        return restore(call, name, all[name]);
    }
    const bool mounts = call.is(HttpMethod::post, 4) && path[3] == "_mount";
    if (mounts && !call.state().version.is_opensearch && call.state().version.is_at_least(7, 10)) {
        return mount(call, name, all[name]);
    }
    if (!call.is(HttpMethod::get, 3)) {
        throw Refused{400, "illegal_argument_exception", "no handler found for uri"};
    }
    return list(all, name);
}

std::string list_recoveries(SearchCall& call) {
    call.allow({"active_only", "detailed", "ignore_unavailable"});
    std::string all;
    for (const std::string& name : call.resolve(call.path()[0])) {
        FakeIndex& index = call.state().indices[name];
        const bool is_done = index.busy_polls == 0;
        index.busy_polls -= is_done ? 0 : 1;
        all += fmt::format(R"({}{}:{{"shards":[{{"id":0,"type":"SNAPSHOT","stage":"{}"}}]}})",
                           all.empty() ? "" : ",",
                           json_text(name),
                           is_done ? "DONE" : "INDEX");
    }
    return fmt::format("{{{}}}", all);
}

}  // namespace caretaker::sandbox
