// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/lifecycle_policy_writer.hpp"

#include "common/output/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::string format_min_age(std::int64_t seconds) {
    constexpr std::array<std::pair<std::int64_t, char>, 3> units{
        {{86'400, 'd'}, {3'600, 'h'}, {60, 'm'}}};
    for (const auto& [size, unit] : units) {
        if (seconds % size == 0) {
            return fmt::format("{}{}", seconds / size, unit);
        }
    }
    return fmt::format("{}s", seconds);
}

void write_allocation(const ActionSpec& action, JsonWriter& json) {
    json.key(action.options.text("allocation_type"));
    json.begin_object();
    json.member(action.options.text("key"), action.options.text("value"));
    json.end_object();
}

void write_rollover(const ActionSpec& action, bool is_ism, JsonWriter& json) {
    json.key("rollover");
    json.begin_object();
    if (const CuratorValue* conditions = action.options.find("conditions")) {
        for (std::size_t i = 0; i < conditions->keys.size(); ++i) {
            const std::string& name = conditions->keys[i].text;
            const CuratorValue& value = conditions->children[i];
            std::string key = name;
            if (is_ism) {
                key = name == "max_age"    ? "min_index_age"
                      : name == "max_docs" ? "min_doc_count"
                                           : "min_size";
            }
            if (value.type == CuratorType::null) {
                continue;
            }
            if (name == "max_docs" && value.type != CuratorType::text) {
                json.member(key, value.integer);
            } else {
                json.member(key, value.text);
            }
        }
    }
    json.end_object();
}

void write_action(const ActionSpec& action, bool is_ism, JsonWriter& json) {
    switch (action.type) {
        case ActionType::delete_indices:
            json.key("delete");
            json.begin_object();
            json.end_object();
            break;
        case ActionType::forcemerge:
            json.key(is_ism ? "force_merge" : "forcemerge");
            json.begin_object();
            json.member("max_num_segments", action.options.integer("max_num_segments"));
            json.end_object();
            break;
        case ActionType::replicas:
            json.key(is_ism ? "replica_count" : "allocate");
            json.begin_object();
            json.member("number_of_replicas", action.options.integer("count"));
            json.end_object();
            break;
        case ActionType::allocation:
            json.key(is_ism ? "allocation" : "allocate");
            json.begin_object();
            write_allocation(action, json);
            json.end_object();
            break;
        case ActionType::close:
        case ActionType::open:
            json.key(to_string(action.type));
            json.begin_object();
            json.end_object();
            break;
        case ActionType::rollover:
            write_rollover(action, is_ism, json);
            break;
        default:
            break;
    }
}

/// Of one age, in their order.
std::vector<std::vector<LifecycleStage>> group_by_age(std::vector<LifecycleStage> stages) {
    std::ranges::stable_sort(stages, {}, &LifecycleStage::age_seconds);
    std::vector<std::vector<LifecycleStage>> groups;
    for (const LifecycleStage& stage : stages) {
        if (groups.empty() || groups.back().front().age_seconds != stage.age_seconds) {
            groups.emplace_back();
        }
        groups.back().push_back(stage);
    }
    return groups;
}

std::string state_name(std::size_t number) {
    return number == 0 ? std::string("new") : fmt::format("step_{}", number);
}

}  // namespace

std::string write_ilm_policy(const std::vector<LifecycleStage>& stages) {
    struct Phase {
        std::string_view name{};
        std::vector<LifecycleStage> stages{};
    };

    std::array<Phase, 3> phases{Phase{"hot"}, Phase{"warm"}, Phase{"delete"}};
    for (const LifecycleStage& stage : stages) {
        const ActionType type = stage.action->type;
        const std::size_t phase = type == ActionType::rollover         ? 0
                                  : type == ActionType::delete_indices ? 2
                                                                       : 1;
        phases.at(phase).stages.push_back(stage);
    }
    JsonWriter json;
    json.begin_object();
    json.key("policy");
    json.begin_object();
    json.key("phases");
    json.begin_object();
    for (const Phase& phase : phases) {
        if (phase.stages.empty()) {
            continue;
        }
        const std::int64_t age =
            std::ranges::min_element(phase.stages, {}, &LifecycleStage::age_seconds)->age_seconds;
        json.key(phase.name);
        json.begin_object();
        json.member("min_age", age == 0 ? std::string("0ms") : format_min_age(age));
        json.key("actions");
        json.begin_object();
        for (const LifecycleStage& stage : phase.stages) {
            write_action(*stage.action, false, json);
        }
        json.end_object();
        json.end_object();
    }
    json.end_object();
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

std::string write_ism_policy(const std::string& pattern,
                             const std::vector<LifecycleStage>& stages,
                             std::int64_t priority) {
    auto groups = group_by_age(stages);
    if (groups.front().front().age_seconds != 0) {
        groups.insert(groups.begin(), std::vector<LifecycleStage>());  // what an index begins with
    }
    JsonWriter json;
    json.begin_object();
    json.key("policy");
    json.begin_object();
    json.member("description", fmt::format("From an action file, for {}", pattern));
    json.member("default_state", state_name(0));
    json.key("states");
    json.begin_array();
    for (std::size_t i = 0; i < groups.size(); ++i) {
        json.begin_object();
        json.member("name", state_name(i));
        json.key("actions");
        json.begin_array();
        for (const LifecycleStage& stage : groups[i]) {
            json.begin_object();
            write_action(*stage.action, true, json);
            json.end_object();
        }
        json.end_array();
        json.key("transitions");
        json.begin_array();
        if (i + 1 < groups.size()) {
            json.begin_object();
            json.member("state_name", state_name(i + 1));
            json.key("conditions");
            json.begin_object();
            json.member("min_index_age", format_min_age(groups[i + 1].front().age_seconds));
            json.end_object();
            json.end_object();
        }
        json.end_array();
        json.end_object();
    }
    json.end_array();
    json.key("ism_template");
    json.begin_array();
    json.begin_object();
    json.key("index_patterns");
    json.begin_array();
    json.value(pattern);
    json.end_array();
    json.member("priority", priority);
    json.end_object();
    json.end_array();
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

}  // namespace caretaker
