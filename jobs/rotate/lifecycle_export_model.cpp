// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/lifecycle_export_model.hpp"

#include "common/output/json_writer.hpp"
#include "jobs/rotate/lifecycle_policy_writer.hpp"
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

using Stages = std::map<std::string, std::vector<LifecycleStage>>;  // by pattern

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
        case ActionType::shrink:
            return "a policy names the smaller index by a rule of its own";
        case ActionType::cold2frozen:
            return is_ism ? "ISM mounts no index in part"
                          : "ILM's searchable_snapshot takes and mounts a snapshot of its own";
        default:
            return "a policy has nothing like it";
    }
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
            std::vector<LifecycleStage> kept;
            for (const LifecycleStage& stage : list) {
                const bool allocates = stage.action->type == ActionType::allocation ||
                                       stage.action->type == ActionType::replicas;
                const bool is_taken = std::ranges::any_of(kept, [&](const LifecycleStage& other) {
                    const bool other_allocates = other.action->type == ActionType::allocation ||
                                                 other.action->type == ActionType::replicas;
                    return other.action->type == stage.action->type ||
                           (allocates && other_allocates);
                });
                const bool is_warm = stage.action->type != ActionType::delete_indices &&
                                     stage.action->type != ActionType::rollover;
                const bool other_age =
                    is_warm && std::ranges::any_of(kept, [&](const LifecycleStage& other) {
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
            result.policies.push_back({pattern, write_ilm_policy(kept)});
        } else {
            result.policies.push_back({pattern, write_ism_policy(pattern, list)});
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
    for (const LeftOutOfPolicy& one : result.left_out) {
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
