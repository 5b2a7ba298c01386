// SPDX-License-Identifier: Apache-2.0
// What the disks gain by what earlier rules take. No IO.
#pragma once

#include "jobs/cleanup/rule_work.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace caretaker {

class FreedBefore {
 public:
    /// Adds what goes with `selection` of the rule's tree.
    void add(const RuleWork& work, const FileSelection& selection);

    /// The disks with so much more free.
    [[nodiscard]] std::vector<DiskSpace> relieved(std::vector<DiskSpace> disks) const;

 private:
    struct Freed {
        std::uint64_t bytes = 0;
        std::uint64_t inodes = 0;
    };

    std::map<std::uint64_t, Freed> freed_{};  // by device
};

}  // namespace caretaker
