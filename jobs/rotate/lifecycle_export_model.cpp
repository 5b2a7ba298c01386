// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/lifecycle_export_model.hpp"

#include "common/output/json_writer.hpp"
#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/lifecycle_policy_writer.hpp"
#include "jobs/rotate/list_age.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

bool is_plain(std::string_view text) {
    constexpr std::string_view special = "\\^$.|?*+()[]{}";
    // A point stands for itself in nearly every file, and for any letter in the expression.
    return std::ranges::none_of(
        text, [&](char c) { return c != '.' && special.find(c) != std::string_view::npos; });
}

/// Reads the filters of one action: the pattern of its indices and their age.
class FilterReading {
 public:
    explicit FilterReading(const ActionSpec& action) : action_(action) {
        for (const FilterSpec& filter : action.filters) {
            read(filter);
        }
        if (reason_.empty() && pattern_.empty()) {
            reason_ = "no filter names a prefix, so the policy would be for every index";
        }
    }

    [[nodiscard]] const std::string& pattern() const { return pattern_; }

    [[nodiscard]] std::int64_t age() const { return age_.value_or(0); }

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
        } else if (is_age && !age_) {
            age_ = age_unit_seconds(options.text("unit")) * options.integer("unit_count");
        } else if (!says_nothing_more(filter) && reason_.empty()) {
            reason_ = fmt::format("a policy cannot say: {}", describe_filter(filter));
        }
    }

    /// Whether the action reaches the same indices without it: those that it leaves would be left
    /// by the action itself, or by every policy.
    [[nodiscard]] bool says_nothing_more(const FilterSpec& filter) const {
        switch (filter.type) {
            case FilterType::none:
                return true;
            case FilterType::ilm:
            case FilterType::kibana:
                return filter.exclude;
            case FilterType::forcemerged:
                return filter.exclude && action_.type == ActionType::forcemerge;
            case FilterType::closed:
                return filter.exclude ? needs_open_indices(action_.type)
                                      : action_.type == ActionType::open;
            case FilterType::opened:
                return filter.exclude ? action_.type == ActionType::open
                                      : needs_open_indices(action_.type);
            default:
                return false;
        }
    }

    const ActionSpec& action_;
    std::string pattern_{};
    std::optional<std::int64_t> age_{};
    std::string reason_{};
};

/// The option that makes the action another one than a policy's; empty where none does. `pattern`
/// is that of its indices.
std::string unsaid_option(const ActionSpec& action, std::string_view pattern) {
    const CheckedOptions& options = action.options;
    const std::string searched = options.text("search_pattern");
    if (!searched.empty() && searched != "*" && searched != pattern) {
        return fmt::format("the search_pattern {}", searched);
    }
    if (options.flag("delete_aliases")) {
        return "delete_aliases";
    }
    for (const char* name : {"new_index", "extra_settings"}) {
        if (options.is_given(name)) {
            return name;
        }
    }
    if (options.has("wait_for_active_shards") && options.text("wait_for_active_shards") != "1") {
        return "wait_for_active_shards";
    }
    return {};
}

/// What a policy does to the indices of one pattern.
struct PatternStage {
    std::string pattern{};  // "logs-*"
    LifecycleStage stage{};
};

/// Whether every index of `inner` is one of `outer`.
bool covers(std::string_view outer, std::string_view inner) {
    return inner.starts_with(outer.substr(0, outer.size() - 1));
}

/// All that is done to the indices of `pattern`, in the order of the file. An index has one policy,
/// so that of a longer prefix says what the shorter ones ask for, too.
std::vector<LifecycleStage> stages_of(std::string_view pattern,
                                      const std::vector<PatternStage>& all) {
    std::vector<LifecycleStage> stages;
    std::optional<std::int64_t> deleted_at;
    for (const auto& [of, stage] : all) {
        const bool is_rollover = stage.action->type == ActionType::rollover;
        if (of != pattern && (is_rollover || !covers(of, pattern))) {
            continue;
        }
        stages.push_back(stage);
        if (stage.action->type == ActionType::delete_indices) {
            deleted_at = std::min(stage.age_seconds, deleted_at.value_or(stage.age_seconds));
        }
    }
    bool is_deleted = false;
    std::erase_if(stages, [&](const LifecycleStage& stage) {  // what is gone is not deleted again
        return stage.action->type == ActionType::delete_indices &&
               (stage.age_seconds != deleted_at || std::exchange(is_deleted, true));
    });
    return stages;
}

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

std::string describe_action(const ActionSpec& action) {
    return fmt::format("action {} ({})", action.id, to_string(action.type));
}

/// Those that the phases of ILM have room for: two actions of one name in one phase cannot both be
/// said.
std::vector<LifecycleStage> choose_for_ilm(const std::vector<LifecycleStage>& stages,
                                           std::vector<LeftOutOfPolicy>& left_out) {
    const auto allocates = [](const LifecycleStage& stage) {
        return stage.action->type == ActionType::allocation ||
               stage.action->type == ActionType::replicas;
    };
    const auto is_warm = [](const LifecycleStage& stage) {
        return stage.action->type != ActionType::delete_indices &&
               stage.action->type != ActionType::rollover;
    };
    std::vector<LifecycleStage> kept;
    for (const LifecycleStage& stage : stages) {
        const bool is_taken = std::ranges::any_of(kept, [&](const LifecycleStage& other) {
            return other.action->type == stage.action->type ||
                   (allocates(stage) && allocates(other));
        });
        const bool other_age =
            is_warm(stage) && std::ranges::any_of(kept, [&](const LifecycleStage& other) {
                return is_warm(other) && other.age_seconds != stage.age_seconds;
            });
        if (is_taken || other_age) {
            left_out.push_back({describe_action(*stage.action),
                                is_taken ? "the phase has such an action already"
                                         : "the phase warm begins at the age of another action"});
        } else {
            kept.push_back(stage);
        }
    }
    return kept;
}

}  // namespace

PolicyExport export_policies(const std::deque<ActionSpec>& actions, PolicyKind kind) {
    PolicyExport result;
    std::vector<PatternStage> all;
    std::set<std::string> patterns;
    for (const ActionSpec& action : actions) {
        if (action.options.flag("disable_action")) {
            continue;
        }
        PatternStage stage{.stage = {0, &action}};
        std::string why(why_not(action.type, kind));
        if (why.empty() && action.type == ActionType::rollover) {
            // The indices of an alias are named after it in every file that was seen.
            stage.pattern = action.options.text("name") + "-*";
            const CuratorValue* conditions = action.options.find("conditions");
            if (conditions == nullptr || conditions->keys.empty()) {
                why = "a policy cannot say: a rollover without conditions, at every run";
            }
        } else if (why.empty()) {
            const FilterReading reading(action);
            stage.pattern = reading.pattern();
            stage.stage.age_seconds = reading.age();
            why = reading.reason();
        }
        if (const std::string option = unsaid_option(action, stage.pattern);
            why.empty() && !option.empty()) {
            why = fmt::format("a policy cannot say: {}", option);
        }
        if (!why.empty()) {
            result.left_out.push_back({describe_action(action), std::move(why)});
            continue;
        }
        patterns.insert(stage.pattern);
        all.push_back(std::move(stage));
    }
    for (const std::string& pattern : patterns) {
        const std::vector<LifecycleStage> stages = stages_of(pattern, all);
        if (kind == PolicyKind::ilm) {
            result.policies.push_back(
                {pattern, write_ilm_policy(choose_for_ilm(stages, result.left_out))});
        } else {
            // Of patterns that overlap the longer one must come first.
            const auto priority = std::ranges::count_if(
                patterns, [&](const std::string& other) { return covers(other, pattern); });
            result.policies.push_back({pattern, write_ism_policy(pattern, stages, priority)});
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
