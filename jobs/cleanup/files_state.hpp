// SPDX-License-Identifier: Apache-2.0
// What the part `files` of one run knows; its report is made from it.
#pragma once

#include "jobs/cleanup/file_actions_plan.hpp"
#include "jobs/cleanup/rule_work.hpp"
#include "jobs/cleanup/saved_plan.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace caretaker {

/// A line of `--explain`.
struct Explanation {
    std::string rule{};
    bool taken = false;
    std::string reason{};
};

struct FilesState {
    std::deque<BoundRule> rules{};
    std::int64_t now = 0;  // nanoseconds since 1970
    std::deque<RuleWork> works{};
    FileActions actions{};
    FileActions further_actions{};  // of the second round
    bool acted = false;
    std::vector<std::string> dropped_roots{};  // below which something was mounted meanwhile
    std::vector<Explanation> explanations{};
    std::vector<Strayed> strayed{};   // of the saved plan that the run keeps to
    std::int64_t of_other_rules = 0;  // things of that plan: their rules are not in this run
    std::string fingerprint{};        // of the plan, as 64 hex digits: the same for the same plan

    [[nodiscard]] const FileActions& actions_of(Round round) const {
        return round == Round::first ? actions : further_actions;
    }
};

}  // namespace caretaker
