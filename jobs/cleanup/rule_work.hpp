// SPDX-License-Identifier: Apache-2.0
// All that a run knows about one rule: what was seen, what is taken, what became of it.
#pragma once

#include "common/base/clock.hpp"
#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"
#include "jobs/cleanup/files_plan.hpp"
#include "jobs/cleanup/rule_roots.hpp"
#include "jobs/cleanup/tree_walk.hpp"
#include "jobs/cleanup/unit_walk.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// A rule with what it asks somebody else about.
struct BoundRule {
    FileRule rule{};
    std::string part = "files";
    /// Whether a directory of that name is not to be taken, by what is known at the moment; asked
    /// again before its removal. Empty: none is spared. Only of rules over trees.
    std::function<bool(std::string_view name)> spares{};
    /// Whether such a directory is what the rule is about; empty: it is.
    std::function<bool(const FileTree& tree, const Unit& unit)> accepts{};
};

/// A run plans once; where its disks have too little free space after that was done, once more.
enum class Round : std::uint8_t { first, second };

struct RuleCost {
    SteadyTime::duration spent{};              // planning and acting
    std::optional<std::int64_t> disk_freed{};  // by statfs of its disks; unset: it has not acted
};

struct RuleWork {
    const BoundRule& bound;
    const FileRule& rule;
    RuleRoots roots{};
    FileTree tree{};
    WalkCounts counts{};
    std::vector<WalkProblem> problems{};
    FileSelection selection{};
    FileSelection further{};               // of the second round
    std::vector<DiskSpace> disks{};        // of its roots, each once, as earlier rules leave them
    std::vector<DiskSpace> disks_after{};  // once it acted, where the rule goes by free space
    std::vector<Unit> units{};             // of a rule over trees: for each entry of `tree`
    FileTree contents{};                   // what is in them
    RuleCost cost{};

    [[nodiscard]] const FileSelection& taken_in(Round round) const {
        return round == Round::first ? selection : further;
    }
};

}  // namespace caretaker
