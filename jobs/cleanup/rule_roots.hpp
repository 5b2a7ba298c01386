// SPDX-License-Identifier: Apache-2.0
// The directories that the roots of a rule stand for on this host.
#pragma once

#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/file_rule.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

struct RuleRoot {
    std::string path{};
    bool is_overlay = false;  // of which the kernel tells less about files in use
};

/// Why one of them cannot be cleaned.
struct RootProblem {
    std::string code{};  // "root_is_symlink"
    std::string path{};
    std::string message{};  // a sentence
};

struct RuleRoots {
    std::vector<RuleRoot> roots{};
    std::vector<RootProblem> problems{};
};

/// Expands them and looks at each. A root that is not there is left out, without a word unless the
/// rule needs its roots. `store_directory` may be empty.
RuleRoots find_roots(const FileRule& rule,
                     DirectoryOpener& opener,
                     const std::string& store_directory);

/// What is free now on the disks that the roots lie on, each disk once.
std::vector<DiskSpace> measure_disks(const RuleRoots& roots, DirectoryOpener& opener);

}  // namespace caretaker
