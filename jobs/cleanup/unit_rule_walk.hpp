// SPDX-License-Identifier: Apache-2.0
// The units of a rule with `unit: tree`: the directories right below its roots.
#pragma once

#include "jobs/cleanup/rule_work.hpp"
#include "jobs/cleanup/tree_walk.hpp"
#include "jobs/cleanup/unit_walk.hpp"

#include <cstdint>
#include <string>

namespace caretaker {

/// Adds those that the rule matches to `work`, each as an entry of the type directory whose time
/// is the newest of anything in it and whose size is what it takes on disk. `fd` is the open root
/// of that index. Throws Interrupted.
void walk_units(RuleWork& work,
                int fd,
                std::uint32_t root,
                const TreeWalk::Surroundings& around,
                DirectoryOpener& opener);

}  // namespace caretaker
