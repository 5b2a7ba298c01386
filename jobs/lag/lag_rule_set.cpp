// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_rule_set.hpp"

namespace caretaker {

namespace {

template <typename T>
void take(T& value, const std::optional<T>& other, bool& taken) {
    if (other && !taken) {
        value = *other;
        taken = true;
    }
}

}  // namespace

LagRules LagRuleSet::of(std::string_view group) const {
    LagRules rules = base_;
    bool lag = false;
    bool silence = false;
    bool points = false;
    bool expire = false;
    for (const RuleOverride& one : overrides_) {
        if (one.groups.matches(group)) {
            take(rules.allowed_lag, one.allowed_lag, lag);
            take(rules.min_silence_ms, one.min_silence_ms, silence);
            take(rules.min_points, one.min_points, points);
            take(rules.expire_group_ms, one.expire_group_ms, expire);
        }
    }
    return rules;
}

}  // namespace caretaker
