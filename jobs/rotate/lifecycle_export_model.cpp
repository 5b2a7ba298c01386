// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/lifecycle_export_model.hpp"

#include "common/output/json_writer.hpp"
#include "jobs/rotate/list_age.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// What is to be done to the indices of one pattern, and when.
struct Stage {
    std::int64_t age_seconds = 0;
    const ActionSpec* action = nullptr;
};

using Stages = std::map<std::string, std::vector<Stage>>;  // by pattern

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

bool is_plain(std::string_view text) {
    constexpr std::string_view special = "\\^$.|?*+()[]{}";
    // A point stands for itself in nearly every file, and for any letter in the expression.
    return std::ranges::none_of(
        text, [&](char c) { return c != '.' && special.find(c) != std::string_view::npos; });
}

/// Reads the filters of one action: the pattern of its indices and their age.
class FilterReading {
 public:
    explicit FilterReading(const ActionSpec& action) {
        for (const FilterSpec& filter : action.filters) {
            read(filter);
        }
        if (reason_.empty() && pattern_.empty()) {
            reason_ = "no filter names a prefix, so the policy would be for every index";
        }
    }

    [[nodiscard]] const std::string& pattern() const { return pattern_; }

    [[nodiscard]] std::int64_t age() const { return age_; }

    /// Why it cannot be said; empty when it can.
    [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
    void read(const FilterSpec& filter) {
        const CheckedOptions& options = filter.options;
        const bool is_prefix = filter.type == FilterType::pattern && !filter.exclude &&
                               options.text("kind") == "prefix" && is_plain(options.text("value"));
        const bool is_age = filter.type == FilterType::age && !filter.exclude &&
                            options.text("direction") == "older" &&
                            options.text("source") != "field_stats" &&
                            !options.is_given("unit_count_pattern") &&
                            options.integer("unit_count") >= 0 && options.integer("epoch") == 0;
        if (is_prefix && pattern_.empty()) {
            pattern_ = options.text("value") + "*";
        } else if (is_age && age_ == 0) {
            age_ = age_unit_seconds(options.text("unit")) * options.integer("unit_count");
        } else if (filter.type != FilterType::none && filter.type != FilterType::opened &&
                   filter.type != FilterType::closed && filter.type != FilterType::forcemerged &&
                   filter.type != FilterType::ilm && filter.type != FilterType::kibana) {
            if (reason_.empty()) {
                reason_ = fmt::format("a policy cannot say: {}", describe_filter(filter));
            }
        }
    }

    std::string pattern_{};
    std::int64_t age_ = 0;
    std::string reason_{};
};

std::string_view why_not(ActionType type, PolicyKind kind) {
    const bool is_ism = kind == PolicyKind::ism;
    switch (type) {
        case ActionType::delete_indices:
        case ActionType::forcemerge:
        case ActionType::replicas:
        case ActionType::rollover:
            return {};
        case ActionType::allocation:
            return {};
        case ActionType::close:
        case ActionType::open:
            return is_ism ? std::string_view{} : "ILM neither closes nor opens indices";
        case ActionType::alias:
            return "an alias that moves over many indices is no matter of one index's life";
        case ActionType::snapshot:
        case ActionType::delete_snapshots:
            return is_ism ? "snapshots of many indices belong to a snapshot management policy"
                          : "snapshots belong to a snapshot lifecycle policy (SLM)";
        default:
            return "a policy has nothing like it";
    }
}

void write_allocation(const ActionSpec& action, JsonWriter& json) {
    json.key(action.options.text("allocation_type"));
    json.begin_object();
    json.member(action.options.text("key"), action.options.text("value"));
    json.end_object();
}

void write_rollover(const ActionSpec& action, PolicyKind kind, JsonWriter& json) {
    json.key("rollover");
    json.begin_object();
    if (const CuratorValue* conditions = action.options.find("conditions")) {
        for (std::size_t i = 0; i < conditions->keys.size(); ++i) {
            const std::string& name = conditions->keys[i].text;
            const CuratorValue& value = conditions->children[i];
            std::string key = name;
            if (kind == PolicyKind::ism) {
                key = name == "max_age"    ? "min_index_age"
                      : name == "max_docs" ? "min_doc_count"
                                           : "min_size";
            }
            if (name == "max_docs" && value.type == CuratorType::integer) {
                json.member(key, value.integer);
            } else {
                json.member(key, value.text);
            }
        }
    }
    json.end_object();
}

void write_action(const ActionSpec& action, PolicyKind kind, JsonWriter& json) {
    const bool is_ism = kind == PolicyKind::ism;
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
            write_rollover(action, kind, json);
            break;
        default:
            break;
    }
}

/// Of one age, in their order.
std::vector<std::vector<Stage>> group_by_age(std::vector<Stage> stages) {
    std::ranges::stable_sort(stages, {}, &Stage::age_seconds);
    std::vector<std::vector<Stage>> groups;
    for (const Stage& stage : stages) {
        if (groups.empty() || groups.back().front().age_seconds != stage.age_seconds) {
            groups.emplace_back();
        }
        groups.back().push_back(stage);
    }
    return groups;
}

/// ILM has five named phases; the actions of one are all written into it.
std::string ilm_body(const std::vector<Stage>& stages) {
    struct Phase {
        std::string_view name{};
        std::vector<Stage> stages{};
    };

    std::array<Phase, 3> phases{Phase{"hot"}, Phase{"warm"}, Phase{"delete"}};
    for (const Stage& stage : stages) {
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
            std::ranges::min_element(phase.stages, {}, &Stage::age_seconds)->age_seconds;
        json.key(phase.name);
        json.begin_object();
        json.member("min_age", age == 0 ? std::string("0ms") : format_min_age(age));
        json.key("actions");
        json.begin_object();
        for (const Stage& stage : phase.stages) {
            write_action(*stage.action, PolicyKind::ilm, json);
        }
        json.end_object();
        json.end_object();
    }
    json.end_object();
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

std::string state_name(std::size_t number) {
    return number == 0 ? std::string("new") : fmt::format("step_{}", number);
}

std::string ism_body(const std::string& pattern, const std::vector<Stage>& stages) {
    auto groups = group_by_age(stages);
    if (groups.front().front().age_seconds != 0) {
        groups.insert(groups.begin(), std::vector<Stage>());  // what an index begins with
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
        for (const Stage& stage : groups[i]) {
            json.begin_object();
            write_action(*stage.action, PolicyKind::ism, json);
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
    json.member("priority", 1);
    json.end_object();
    json.end_array();
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

}  // namespace

PolicyExport export_policies(const std::deque<ActionSpec>& actions, PolicyKind kind) {
    PolicyExport result;
    Stages stages;
    for (const ActionSpec& action : actions) {
        const std::string name = fmt::format("action {} ({})", action.id, to_string(action.type));
        if (action.options.flag("disable_action")) {
            continue;
        }
        if (const std::string_view why = why_not(action.type, kind); !why.empty()) {
            result.left_out.push_back({name, std::string(why)});
            continue;
        }
        if (action.type == ActionType::rollover) {
            // The indices of an alias are named after it in every file that was seen.
            stages[action.options.text("name") + "-*"].push_back({0, &action});
            continue;
        }
        const FilterReading reading(action);
        if (!reading.reason().empty()) {
            result.left_out.push_back({name, reading.reason()});
            continue;
        }
        stages[reading.pattern()].push_back({reading.age(), &action});
    }
    for (const auto& [pattern, list] : stages) {
        if (kind == PolicyKind::ilm) {
            // Two actions of one name in one phase cannot both be said.
            std::vector<Stage> kept;
            for (const Stage& stage : list) {
                const bool allocates = stage.action->type == ActionType::allocation ||
                                       stage.action->type == ActionType::replicas;
                const bool is_taken = std::ranges::any_of(kept, [&](const Stage& other) {
                    const bool other_allocates = other.action->type == ActionType::allocation ||
                                                 other.action->type == ActionType::replicas;
                    return other.action->type == stage.action->type ||
                           (allocates && other_allocates);
                });
                const bool is_warm = stage.action->type != ActionType::delete_indices &&
                                     stage.action->type != ActionType::rollover;
                const bool other_age =
                    is_warm && std::ranges::any_of(kept, [&](const Stage& other) {
                        return other.action->type != ActionType::delete_indices &&
                               other.action->type != ActionType::rollover &&
                               other.age_seconds != stage.age_seconds;
                    });
                if (is_taken || other_age) {
                    result.left_out.push_back(
                        {fmt::format(
                             "action {} ({})", stage.action->id, to_string(stage.action->type)),
                         is_taken ? "the phase has such an action already"
                                  : "the phase warm begins at the age of another action"});
                } else {
                    kept.push_back(stage);
                }
            }
            result.policies.push_back({pattern, ilm_body(kept)});
        } else {
            result.policies.push_back({pattern, ism_body(pattern, list)});
        }
    }
    return result;
}

std::string format_export(const PolicyExport& result, PolicyKind kind) {
    std::string policies;
    for (const ExportedPolicy& policy : result.policies) {
        JsonWriter pattern;
        pattern.value(policy.index_pattern);
        policies += fmt::format(R"({}{{"index_pattern":{},"body":{}}})",
                                policies.empty() ? "" : ",",
                                pattern.text(),
                                policy.body);
    }
    JsonWriter left_out;
    left_out.begin_array();
    for (const LeftOut& one : result.left_out) {
        left_out.begin_object();
        left_out.member("action", one.action);
        left_out.member("reason", one.reason);
        left_out.end_object();
    }
    left_out.end_array();
    return fmt::format("{{\"to\":\"{}\",\"policies\":[{}],\"left_out\":{}}}\n",
                       kind == PolicyKind::ilm ? "ilm" : "ism",
                       policies,
                       left_out.text());
}

}  // namespace caretaker
