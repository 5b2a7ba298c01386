// SPDX-License-Identifier: Apache-2.0
// Carries out the plan of the part `files`.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/wall_time.hpp"
#include "jobs/cleanup/action_tally.hpp"
#include "jobs/cleanup/cleanup_part.hpp"
#include "jobs/cleanup/file_deletion.hpp"
#include "jobs/cleanup/file_rule_settings.hpp"
#include "jobs/cleanup/files_state.hpp"
#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/pace_plan.hpp"
#include "jobs/cleanup/unit_removal.hpp"
#include "jobs/cleanup/worker_count_plan.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

struct Context;

class FilesActing {
 public:
    /// `load`: what the disk bears. `mounts`: as they were when the plan was made. `ask_again` is
    /// called before things go that somebody else is asked about.
    FilesActing(FilesState& state,
                const Pace& pace,
                const BearableLoad& load,
                const std::vector<Mount>& mounts,
                Context& context,
                std::function<void()> ask_again);

    /// Writes into the state what became of each entry. The second round, if there is one, knows
    /// what the first took and which roots it dropped.
    void act(ActionExecutor& executor, ActionRange own, Round round = Round::first);

    /// Writes into the state what is free now on the disks of rules that go by it.
    void measure_again();

 private:
    /// One thread's way through the trees.
    struct Worker {
        DirectoryOpener opener{};
        std::deque<FileDeletion> deletions{};  // by rule
    };

    /// Actions that one worker at a time carries out.
    struct Part {
        std::size_t next = 0;  // the first that is not over
        std::size_t end = 0;
    };

    void add_worker();
    void leave_directories();
    void drop_roots_with_new_mounts();

    [[nodiscard]] const std::vector<FileAction>& actions() const {
        return state_.actions_of(round_).actions;
    }

    [[nodiscard]] const FileSelection& taken_by(std::uint32_t rule) const {
        return state_.works[rule].taken_in(round_);
    }

    [[nodiscard]] std::size_t end_of_batch(std::size_t begin) const;
    std::vector<ActionResult> carry_out_batch(std::size_t begin, std::size_t end);
    [[nodiscard]] std::vector<Part> cut_by_directory(std::size_t begin, std::size_t end) const;
    /// By several workers. `tallies` are those of the actions from `begin` to `end`.
    void carry_out_together(std::size_t begin, std::size_t end, std::span<ActionTally> tallies);
    /// Until the time is up; returns how many entries had their turn.
    std::size_t carry_out_part(Part& part,
                               Worker& worker,
                               SteadyTime until,
                               std::size_t begin,
                               std::span<ActionTally> tallies);
    /// Goes on where `tally` ends, until the time is up.
    void carry_out(const FileAction& action, Worker& worker, SteadyTime until, ActionTally& tally);
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
    Round round_ = Round::first;
    WorkerCount count_;
    HeldDirectories held_{};
    std::deque<Worker> workers_{};
    std::deque<UnitRemoval> removals_{};  // by rule
};

}  // namespace caretaker
