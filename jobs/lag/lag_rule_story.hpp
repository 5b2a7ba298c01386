// SPDX-License-Identifier: Apache-2.0
// The rules of a verdict told with their numbers, for a person. Pure.
#pragma once

#include "jobs/lag/lag_judge.hpp"

#include <string>
#include <vector>

namespace caretaker {

struct RuleStory {
    std::string rule{};  // "stopped"
    bool holds = false;
    std::string numbers{};  // "silent for 5m 39s; the window spans 1m"
};

/// In the order in which they are tried; the last tells the verdict.
std::vector<RuleStory> tell_rules(const JudgeCase& given, const JudgeParameters& parameters);

}  // namespace caretaker
