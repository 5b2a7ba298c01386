// SPDX-License-Identifier: Apache-2.0
// What the work of a rule costs in time and gives back to its disks.
#pragma once

#include "common/base/clock.hpp"
#include "jobs/cleanup/rule_work.hpp"

#include <cstdint>

namespace caretaker {

class DirectoryOpener;

/// Adds to a rule's cost what happens between enter() and leave(). Rules that are entered one after
/// the other need no leave() between them.
class RuleMeter {
 public:
    RuleMeter(Clock& clock, DirectoryOpener& opener) : clock_(clock), opener_(opener) {}

    void enter(RuleWork& work);

    void leave();

 private:
    [[nodiscard]] std::uint64_t free_bytes() const;

    Clock& clock_;
    DirectoryOpener& opener_;
    RuleWork* work_ = nullptr;  // the one that is entered
    SteadyTime since_{};
    std::uint64_t free_before_ = 0;
};

}  // namespace caretaker
