// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/rule_meter.hpp"

#include "jobs/cleanup/directory.hpp"

namespace caretaker {

void RuleMeter::enter(RuleWork& work) {
    if (work_ == &work) {
        return;
    }
    leave();
    work_ = &work;
    since_ = clock_.steady();
    free_before_ = free_bytes();
}

void RuleMeter::leave() {
    if (work_ == nullptr) {
        return;
    }
    RuleCost& cost = work_->cost;
    cost.spent += clock_.steady() - since_;
    // As the disks say, so that what others write and delete meanwhile is in it.
    const auto gained = static_cast<std::int64_t>(free_bytes() - free_before_);
    cost.disk_freed = cost.disk_freed.value_or(0) + gained;
    work_ = nullptr;
}

/// On all disks of the rule.
std::uint64_t RuleMeter::free_bytes() const {
    std::uint64_t free = 0;
    for (const DiskSpace& disk : measure_disks(work_->roots, opener_)) {
        free += disk.bytes.free;
    }
    return free;
}

}  // namespace caretaker
