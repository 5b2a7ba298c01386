// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_alias_answers.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker::sandbox {

std::string list_aliases(SearchCall& call) {
    if (call.method() == HttpMethod::del) {
        for (const std::string& name : call.resolve(call.path()[0])) {
            call.state().indices[name].aliases.clear();
        }
        return R"({"acknowledged":true})";
    }
    call.allow({"expand_wildcards", "ignore_unavailable"});
    const std::string only = call.path()[0] == "_alias" ? std::string("_all") : call.path()[0];
    std::string all;
    for (const std::string& name : call.resolve(only)) {
        const FakeIndex& index = call.state().indices[name];
        std::string aliases;
        for (const auto& [alias, is_write] : index.aliases) {
            aliases += fmt::format("{}{}:{}",
                                   aliases.empty() ? "" : ",",
                                   json_text(alias),
                                   is_write && call.state().version.is_at_least(6, 4)
                                       ? fmt::format(R"({{"is_write_index":{}}})", *is_write)
                                       : std::string("{}"));
        }
        all += fmt::format(
            R"({}{}:{{"aliases":{{{}}}}})", all.empty() ? "" : ",", json_text(name), aliases);
    }
    return fmt::format("{{{}}}", all);
}

std::string change_aliases(SearchCall& call) {
    call.allow({"master_timeout", "timeout"});
    if (!call.has_body() || !call.body().HasMember("actions") || call.body()["actions"].Empty()) {
        throw Refused{400, "illegal_argument_exception", "No action specified"};
    }
    auto changed = call.state().indices;  // all or nothing
    for (const auto& action : call.body()["actions"].GetArray()) {
        const bool adds = action.HasMember("add");
        const auto& what = action[adds ? "add" : "remove"];
        const std::string name = what["index"].GetString();
        const std::string alias = what["alias"].GetString();
        if (!changed.contains(name)) {
            throw Refused{
                404, "index_not_found_exception", fmt::format("no such index [{}]", name)};
        }
        call.check_blocks({name}, false);
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
    call.state().indices = std::move(changed);
    return R"({"acknowledged":true})";
}

std::string list_streams(SearchCall& call) {
    call.allow({"expand_wildcards"});
    std::string all;
    for (const auto& [name, indices] : call.state().streams) {
        std::string members;
        for (const std::string& index : indices) {
            members += fmt::format(R"({}{{"index_name":{},"index_uuid":{}}})",
                                   members.empty() ? "" : ",",
                                   json_text(index),
                                   json_text(call.state().indices[index].uuid));
        }
        const auto lifecycle = call.state().stream_lifecycles.find(name);
        all += fmt::format(
            R"({}{{"name":{},"timestamp_field":{{"name":"@timestamp"}},"indices":[{}]{}}})",
            all.empty() ? "" : ",",
            json_text(name),
            members,
            lifecycle == call.state().stream_lifecycles.end()
                ? std::string()
                : fmt::format(R"(,"lifecycle":{{"enabled":{}}})", lifecycle->second));
    }
    return fmt::format(R"({{"data_streams":[{}]}})", all);
}

}  // namespace caretaker::sandbox
