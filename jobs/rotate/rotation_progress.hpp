// SPDX-License-Identifier: Apache-2.0
// What a run of the same files that was stopped had already done.
#pragma once

#include "common/base/context.hpp"
#include "common/base/upkeep_plan.hpp"
#include "jobs/rotate/rotate_plan.hpp"
#include "jobs/rotate/stopped_run.hpp"

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Remembers, in the store's memory of the job and target, which actions of the files a run has
/// finished and which it is in, and forgets them when the run comes to its end; and at which
/// cluster each run was whose actions have no known end. Without a store nothing is remembered.
/// Throws StoreError.
class RotationProgress {
 public:
    /// `files` tells the files apart by what stands in them, `cluster` the clusters. `context` must
    /// outlive this object.
    RotationProgress(Context& context, std::string files, std::string cluster);

    /// The run of these files, at this cluster, that came to no end.
    [[nodiscard]] StoppedRun stopped_run();

    /// The part of them that were begun at this cluster: what is there tells nothing of others.
    [[nodiscard]] std::vector<UnsettledAction> of_this_cluster(
        std::span<const UnsettledAction> unsettled);

    /// Forgets at which clusters runs were all of whose actions have a known end.
    void forget_settled(std::span<const UnsettledAction> unsettled,
                        std::span<const SettledAction> settled);

    /// The run is about to do a step; what finish() was told is on disk when this returns.
    void begin(std::size_t number, const RotateStep& step);

    void finish(std::size_t step) { finished_.insert(step); }

    /// The run comes to its end: nothing has to be gone on with. `is_settled`: the end of each of
    /// its actions is known.
    void forget(bool is_settled);

 private:
    [[nodiscard]] std::string entry_name() const;

    Context& context_;
    std::string files_;
    std::string cluster_;
    std::set<std::size_t> finished_{};
    bool is_saved_ = false;
};

}  // namespace caretaker
