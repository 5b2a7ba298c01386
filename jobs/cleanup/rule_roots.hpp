// SPDX-License-Identifier: Apache-2.0
// The directories that the roots of a rule stand for on this host.
#pragma once

#include "common/text/path_pattern.hpp"
#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/inode_id.hpp"
#include "jobs/cleanup/left_out.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
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

/// What no root may be, or lie in.
struct RootSurroundings {
    std::span<const InodeId> store_directories{};  // by whatever path they are reached
    std::span<const PathPattern> protect{};        // absolute
    /// Told of each root that is left out, by what is protected: the root or a directory above it;
    /// may be empty.
    std::function<void(std::string_view path, LeftOut reason)> left_out{};
};

/// Expands them and looks at each. A root that is not there is left out, without a word unless the
/// rule needs its roots.
RuleRoots find_roots(const FileRule& rule, DirectoryOpener& opener, const RootSurroundings& around);

/// What is free now on the disks that the roots lie on, each disk once.
std::vector<DiskSpace> measure_disks(const RuleRoots& roots, DirectoryOpener& opener);

}  // namespace caretaker
