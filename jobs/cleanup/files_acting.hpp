// SPDX-License-Identifier: Apache-2.0
// Carries out the plan of the part `files`.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/wall_time.hpp"
#include "jobs/cleanup/cleanup_part.hpp"
#include "jobs/cleanup/file_deletion.hpp"
#include "jobs/cleanup/file_rule_settings.hpp"
#include "jobs/cleanup/files_state.hpp"
#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/pace_plan.hpp"
#include "jobs/cleanup/unit_removal.hpp"
#include "jobs/cleanup/worker_count_plan.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <vector>

namespace caretaker {

struct Context;

class FilesActing {
 public:
    /// `load`: what the disk bears. `mounts`: as they were when the plan was made. `ask_again` is
    /// called before trees go that somebody else is asked about.
    FilesActing(FilesState& state,
                const Pace& pace,
                const BearableLoad& load,
                const std::vector<Mount>& mounts,
                Context& context,
                std::function<void()> ask_again);

    /// Writes into the state what became of each entry.
    void act(ActionExecutor& executor, ActionRange own);

 private:
    /// One thread's way through the trees.
    struct Worker {
        DirectoryOpener opener{};
        std::deque<FileDeletion> deletions{};  // by rule
    };

    void add_worker();
    void drop_roots_with_new_mounts();
    void measure_again();
    [[nodiscard]] std::size_t end_of_batch(std::size_t begin) const;
    std::vector<ActionResult> carry_out_batch(std::size_t begin, std::size_t end);
    [[nodiscard]] std::vector<std::size_t> cut_by_directory(std::size_t begin,
                                                            std::size_t end) const;
    ActionResult carry_out(const FileAction& action, Worker& worker);
    void remove_unit(RuleWork& work, std::uint32_t rule, std::uint32_t index);
    [[nodiscard]] BatchSize planned_size(const FileAction& action) const;
    [[nodiscard]] BatchSize tried_size(std::size_t begin,
                                       std::span<const ActionResult> results) const;
    void pause(const BatchSize& batch, SteadyTime::duration took);

    FilesState& state_;
    BatchPace pace_;
    const std::vector<Mount>& mounts_;
    Context& context_;
    std::function<void()> ask_again_;
    WorkerCount count_;
    std::deque<Worker> workers_{};
    std::deque<UnitRemoval> removals_{};  // by rule
};

}  // namespace caretaker
