// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/space_limits.hpp"

#include "jobs/cleanup/taken_links.hpp"

#include <algorithm>
#include <map>

namespace caretaker {

namespace {

/// Whether the limit may take it; else its verdict says why not, unless it has one already.
bool may_go(const OldestFirst& oldest, TreeEntry& entry) {
    if (entry.verdict != EntryVerdict::stays) {
        return false;
    }
    if (entry.time >= oldest.young_from) {
        entry.verdict = EntryVerdict::young;
        return false;
    }
    if (oldest.tree.is_immutable(entry)) {
        entry.verdict = EntryVerdict::immutable;
        return false;
    }
    return true;
}

std::uint64_t allocated_bytes(const TreeEntry& entry) {
    return entry.allocated;
}

/// Emptied ones keep theirs.
std::uint64_t one_inode(const TreeEntry& entry) {
    return entry.verdict == EntryVerdict::emptied ? 0 : 1;
}

/// What one disk gains by what is taken from it, in bytes or in inodes.
class Gain {
 public:
    using Size = std::uint64_t(const TreeEntry&);

    Gain(const FileTree& tree, Size& size) : tree_(tree), size_(size) {
        links_.take_those_away(tree);
    }

    void take(const TreeEntry& entry) {
        const bool emptied = entry.verdict == EntryVerdict::emptied;
        if (emptied || (!entry.held_open && !links_.take(tree_, entry))) {
            total_ += size_(entry);
        }
    }

    [[nodiscard]] std::uint64_t total() const { return total_; }

 private:
    const FileTree& tree_;
    Size& size_;
    TakenLinks links_{};
    std::uint64_t total_ = 0;
};

void relieve(const OldestFirst& oldest,
             const FreeSpaceLimits& limits,
             std::uint64_t device,
             const DiskShare& share,
             Gain::Size& size) {
    if (!is_under_pressure(limits, share)) {
        return;
    }
    const double wanted = limits.high / 100 * static_cast<double>(share.total);
    const auto lies_on_disk = [&](const TreeEntry& entry) {
        return oldest.tree.directories[entry.directory].device == device;
    };
    Gain gain(oldest.tree, size);
    for (const TreeEntry& entry : oldest.tree.entries) {
        const bool goes = is_taken(entry.verdict) && entry.result == Result::none;
        if (goes && lies_on_disk(entry)) {
            gain.take(entry);
        }
    }
    for (const std::uint32_t index : oldest.order) {
        TreeEntry& entry = oldest.tree.entries[index];
        if (static_cast<double>(share.free + gain.total()) >= wanted) {
            return;
        }
        if (lies_on_disk(entry) && may_go(oldest, entry)) {
            entry.verdict = EntryVerdict::by_pressure;
            gain.take(entry);
        }
    }
}

}  // namespace

bool take_by_budget(const OldestFirst& oldest, std::uint64_t most) {
    std::map<InodeId, std::int64_t> links;
    std::uint64_t total = 0;
    const auto is_linked = [](const TreeEntry& entry) { return entry.links > 1; };
    for (const std::uint32_t index : oldest.order) {
        const TreeEntry& entry = oldest.tree.entries[index];
        if (is_taken(entry.verdict)) {
            continue;
        }
        if (!is_linked(entry) || links[oldest.tree.id_of(entry)]++ == 0) {
            total += entry.allocated;
        }
    }
    for (const std::uint32_t index : oldest.order) {
        TreeEntry& entry = oldest.tree.entries[index];
        if (total <= most) {
            return true;
        }
        if (!may_go(oldest, entry)) {
            continue;
        }
        entry.verdict = EntryVerdict::by_budget;
        if (!is_linked(entry) || --links[oldest.tree.id_of(entry)] == 0) {
            total -= entry.allocated;
        }
    }
    return total <= most;
}

void take_by_pressure(const OldestFirst& oldest, const FileRule& rule, const DiskSpace& disk) {
    if (rule.free_space) {
        relieve(oldest, *rule.free_space, disk.device, disk.bytes, allocated_bytes);
    }
    if (rule.free_inodes) {
        relieve(oldest, *rule.free_inodes, disk.device, disk.inodes, one_inode);
    }
}

bool is_under_pressure(const FreeSpaceLimits& limits, const DiskShare& share) {
    return static_cast<double>(share.free) < limits.low / 100 * static_cast<double>(share.total);
}

bool is_under_pressure(const FileRule& rule, const DiskSpace& disk) {
    return (rule.free_space && is_under_pressure(*rule.free_space, disk.bytes)) ||
           (rule.free_inodes && is_under_pressure(*rule.free_inodes, disk.inodes));
}

bool is_under_pressure(const FileRule& rule, std::span<const DiskSpace> disks) {
    return std::ranges::any_of(
        disks, [&](const DiskSpace& disk) { return is_under_pressure(rule, disk); });
}

}  // namespace caretaker
