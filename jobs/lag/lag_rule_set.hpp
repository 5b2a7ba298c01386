// SPDX-License-Identifier: Apache-2.0
// The rules by which each group is judged: those of all, and what is said of some.
#pragma once

#include "common/text/name_pattern.hpp"
#include "jobs/lag/lag_verdict.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// Rules that differ for groups of a pattern; what is empty is as for all groups.
struct RuleOverride {
    NamePattern groups;
    std::optional<std::int64_t> allowed_lag{};
    std::optional<std::int64_t> min_silence_ms{};
    std::optional<std::int64_t> min_points{};
    std::optional<std::int64_t> expire_group_ms{};
};

class LagRuleSet {
 public:
    LagRuleSet() = default;

    explicit LagRuleSet(LagRules base, std::vector<RuleOverride> overrides = {})
        : base_(base), overrides_(std::move(overrides)) {}

    [[nodiscard]] const LagRules& base() const { return base_; }

    /// Of several overrides of one rule the first whose pattern fits the group holds.
    [[nodiscard]] LagRules of(std::string_view group) const;

 private:
    LagRules base_{};
    std::vector<RuleOverride> overrides_{};
};

}  // namespace caretaker
