// SPDX-License-Identifier: Apache-2.0
// Whether "all commits of a group" is asked for in one call or partition by partition. Pure.
#pragma once

#include <cstddef>

namespace caretaker {

/// The library looks for each partition of an answer among those before it, so an answer costs the
/// square of its length: one group with 10 000 commits takes a quarter of a second of CPU time,
/// the same in parts of 250 takes 10 ms (librdkafka 2.0.2 to 2.15.0). But parts have to ask for
/// every partition there is, wherever the group has commits, and who has how many shows only in the
/// answers. So the first answers decide how the rest is asked.
class CommitStrategy {
 public:
    /// `existing`: how many partitions parts would have to ask for; 0: not possible.
    explicit CommitStrategy(std::size_t existing) : existing_(existing) {}

    /// A group that was asked for all its commits had so many.
    void learn(std::size_t commits);

    /// Whether parts are the cheaper way for a group whose members own `owned` partitions. It has
    /// about as many commits as that or, where no owners are known (0), as those asked before it.
    [[nodiscard]] bool prefers_parts(std::size_t owned) const;

    /// How many whole calls may be in flight before such a group is asked: few while it is open
    /// whether parts would be better.
    [[nodiscard]] std::size_t whole_calls_at_once(std::size_t owned) const;

 private:
    std::size_t existing_;
    std::size_t answers_ = 0;
    double squares_ = 0;  // sum over the answers
};

}  // namespace caretaker
