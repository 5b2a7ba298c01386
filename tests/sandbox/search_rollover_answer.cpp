// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_rollover_answer.hpp"

#include <fmt/format.h>

#include <cctype>

namespace caretaker::sandbox {

namespace {

std::string judge_conditions(SearchCall& call, const FakeIndex& index, bool& is_due) {
    if (!call.has_body() || !call.body().HasMember("conditions") ||
        call.body()["conditions"].ObjectEmpty()) {
        return {};
    }
    is_due = false;
    std::string all;
    for (const auto& condition : call.body()["conditions"].GetObject()) {
        const std::string name = condition.name.GetString();
        bool is_met = false;
        std::string wanted;
        const bool is_number = name == "max_docs";
        if (is_number ? !condition.value.IsInt64() : !condition.value.IsString()) {
            throw Refused{400,
                          "x_content_parse_exception",
                          fmt::format("[conditions] failed to parse field [{}]", name)};
        }
        if (!is_number && !std::isdigit(static_cast<unsigned char>(*condition.value.GetString()))) {
            throw Refused{400,
                          "illegal_argument_exception",
                          fmt::format("failed to parse setting [{}]", name)};
        }
        if (is_number) {
            wanted = std::to_string(condition.value.GetInt64());
            is_met = index.docs >= condition.value.GetInt64();
        } else if (name == "max_age" || name == "max_size") {
            wanted = condition.value.GetString();
            const std::int64_t count = std::stoll(wanted);
            is_met = name == "max_age"
                         ? call.state().now_ms - index.created_ms >= count * 86'400'000
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

std::string next_name(const std::string& name) {
    const std::size_t dash = name.rfind('-');
    const std::string digits = dash == std::string::npos ? "" : name.substr(dash + 1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) {
        throw Refused{400,
                      "illegal_argument_exception",
                      fmt::format("index name [{}] does not match pattern '^.*-\\d+$'", name)};
    }
    return fmt::format("{}-{:06}", name.substr(0, dash), std::stoi(digits) + 1);
}

}  // namespace

std::string answer_rollover(SearchCall& call) {
    call.allow({"dry_run", "wait_for_active_shards"});
    const std::string& alias = call.path()[0];
    std::string old_index;
    int members = 0;
    for (const auto& [name, index] : call.state().indices) {
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
    const std::string new_index = call.path().size() > 2 ? call.path()[2] : next_name(old_index);
    bool is_due = true;
    const std::string conditions = judge_conditions(call, call.state().indices[old_index], is_due);
    const bool dry_run = call.parameter("dry_run") == "true";
    if (is_due && !dry_run) {
        FakeIndex& old = call.state().indices[old_index];
        if (old.aliases[alias]) {
            old.aliases[alias] = false;
        } else {
            old.aliases.erase(alias);
        }
        call.state().add(new_index).aliases[alias] = true;
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

}  // namespace caretaker::sandbox
