// SPDX-License-Identifier: Apache-2.0
// Takes the oldest of a tree until what stays fits a size, or the disk has enough. No IO.
#pragma once

#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"

#include <cstdint>
#include <span>

namespace caretaker {

/// The entries of a tree that a limit may go through, and from when on one is too young for it.
struct OldestFirst {
    FileTree& tree;
    std::span<const std::uint32_t> order;  // indices of entries, the oldest first
    std::int64_t young_from = 0;           // nanoseconds since 1970
};

/// Takes until what is left of `oldest` takes at most `most` bytes on disk. False: it takes more
/// still. A file takes its space until its last link among them is taken.
bool take_by_budget(const OldestFirst& oldest, std::uint64_t most);

/// Takes from the disk until it would have as much free space and as many free inodes as `rule`
/// wants, if it has less than the least. What is taken already counts first; what has links
/// elsewhere, or is held open, frees nothing.
void take_by_pressure(const OldestFirst& oldest, const FileRule& rule, const DiskSpace& disk);

/// Whether less is free than the rule wants at the least.
bool is_under_pressure(const FreeSpaceLimits& limits, const DiskShare& share);

/// The same of space and of inodes.
bool is_under_pressure(const FileRule& rule, const DiskSpace& disk);

/// Of one of several disks.
bool is_under_pressure(const FileRule& rule, std::span<const DiskSpace> disks);

}  // namespace caretaker
