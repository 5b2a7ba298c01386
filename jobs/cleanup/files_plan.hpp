// SPDX-License-Identifier: Apache-2.0
// Which of the entries below its roots a rule takes. No IO, no clock.
#pragma once

#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace caretaker {

/// What a rule takes of a tree, as indices.
struct FileSelection {
    /// By directory; in each the oldest first, but by inode where they are more than a thousand.
    std::vector<std::uint32_t> entries{};
    std::vector<std::uint32_t> directories{};  // those that will be empty, the deepest first
    bool budget_met = true;                    // else too much is young or kept
};

/// Judges every entry that is not `other_rule`, `in_use`, `use_unknown`, `unwritten`, `held` or
/// `emptied` already, and every directory: writes their verdicts, and which entries free nothing.
/// `now` in nanoseconds since 1970. `disks` are those that its roots lie on. May be called again
/// after entries were found to be in use. What had its turn already (it has a result) is not taken
/// again, and keeps its verdict; what of it is away makes directories empty, and was the other link
/// of what is left.
FileSelection select_files(const FileRule& rule,
                           FileTree& tree,
                           std::int64_t now,
                           std::span<const DiskSpace> disks = {});

/// A time in nanoseconds before that an entry is older than `age`.
std::int64_t limit_of_age(std::int64_t now, std::chrono::milliseconds age);

/// The time that the rule goes by.
std::int64_t time_by(AgeBy by, const FileFacts& facts);

}  // namespace caretaker
