// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/freed_before.hpp"

#include "jobs/cleanup/file_texts.hpp"

namespace caretaker {

void FreedBefore::add(const RuleWork& work, const FileSelection& selection) {
    for (const std::uint32_t index : selection.entries) {
        const TreeEntry& entry = work.tree.entries[index];
        Freed& freed = freed_[work.tree.directories[entry.directory].device];
        freed.bytes += static_cast<std::uint64_t>(freed_bytes(entry));
        if (work.rule.takes_trees) {
            freed.inodes += work.units[index].size();
        } else if (!entry.frees_nothing && entry.verdict != EntryVerdict::emptied) {
            ++freed.inodes;
        }
    }
    for (const std::uint32_t index : selection.directories) {
        ++freed_[work.tree.directories[index].device].inodes;
    }
}

std::vector<DiskSpace> FreedBefore::relieved(std::vector<DiskSpace> disks) const {
    for (DiskSpace& disk : disks) {
        if (const auto found = freed_.find(disk.device); found != freed_.end()) {
            disk.bytes.free += found->second.bytes;
            disk.inodes.free += found->second.inodes;
        }
    }
    return disks;
}

}  // namespace caretaker
