// SPDX-License-Identifier: Apache-2.0
// The bodies of lifecycle policies, as the APIs take them. Pure.
#pragma once

#include "jobs/rotate/action_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

/// What is to be done to the indices of one pattern, and when.
struct LifecycleStage {
    std::int64_t age_seconds = 0;
    const ActionSpec* action = nullptr;
};

/// For PUT /_ilm/policy/NAME. ILM has five named phases; the actions of one are all written into
/// it.
std::string write_ilm_policy(const std::vector<LifecycleStage>& stages);

/// For PUT /_plugins/_ism/policies/NAME, for the indices of a pattern. OpenSearch refuses patterns
/// that overlap at the same `priority`; the higher one is an index's.
std::string write_ism_policy(const std::string& pattern,
                             const std::vector<LifecycleStage>& stages,
                             std::int64_t priority);

}  // namespace caretaker
