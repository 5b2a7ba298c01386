// SPDX-License-Identifier: Apache-2.0
// From action files and what is known of the cluster to all that a run is going to do. Pure.
#pragma once

#include "common/base/upkeep_plan.hpp"
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/disk_relief.hpp"
#include "jobs/rotate/index_selector.hpp"
#include "jobs/rotate/mount_plan.hpp"
#include "jobs/rotate/reindex_plan.hpp"
#include "jobs/rotate/shrink_plan.hpp"
#include "jobs/rotate/snapshot_facts.hpp"
#include "jobs/rotate/snapshot_proof.hpp"
#include "jobs/rotate/stopped_run.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// How an action of a file came out of planning.
enum class StepState : std::uint8_t {
    planned,
    nothing,      // there is nothing to do, and that is fine
    disabled,     // disable_action
    empty,        // its list is empty, which it ignores
    stopped,      // its list is empty, and the run ends there, as Curator's does
    impossible,   // it cannot be done; `note` says why
    not_run,      // a step before it ended the run
    done_before,  // an earlier run that was stopped has done it
};

struct RotateStep {
    const ActionSpec* spec = nullptr;
    StepState state = StepState::planned;
    std::string note{};                  // why it is not planned
    std::vector<std::size_t> actions{};  // their numbers in the plan
    std::string name{};                  // resolved: of the alias, index or snapshot
    std::string new_index{};             // of a rollover, where the file names it
    std::vector<std::string> indices{};  // of a snapshot
    std::string body{};                  // of a restore
    std::string tiers{};                 // of cold2frozen, those preferred
    // One for each action of a step of that type.
    std::vector<ShrinkItem> shrinks{};
    std::vector<ReindexItem> reindexes{};
    std::vector<MountItem> mounts{};
    // Of a reindex: an earlier run was stopped in the middle of it. Of a snapshot and a restore: it
    // is under way, and only its end is waited for.
    bool may_resume = false;
    std::vector<std::string> done_before{};  // what a stopped run did of it (stopped_action_key())
    bool has_failed = false;  // something was to be done, and cannot be: SparedIndex::failed
};

/// What the server said of a rollover without doing it.
struct RolloverForecast {
    bool is_due = false;
    std::string old_index{};
    std::string new_index{};
    std::string conditions{};  // "[max_docs: 1]": those that are met
};

/// A snapshot that an earlier run was making or deleting.
struct SnapshotLook {
    std::string subject{};  // as of the action: "repository/snapshot"
    std::string state{};    // "SUCCESS"; empty: it is not there
    std::string uuid{};
};

/// What a single step needs beside the list of indices.
struct StepFacts {
    std::optional<RolloverForecast> rollover{};
    SnapshotList snapshots{};                    // of the step's repository
    std::vector<ClusterNode> nodes{};            // of a shrink and of cold2frozen
    IndexList remote_indices{};                  // of a reindex from another cluster
    std::vector<MountedSnapshot> mounted{};      // of cold2frozen; sorted by index
    std::map<std::string, std::string> names{};  // by the texts that only the server resolves
    std::string problem{};  // why it cannot be known; the step is then impossible
};

/// Plans one action after the other. What a planned action will do is put into the list of indices,
/// so that the next one is planned for what it will find.
class RotatePlanner {
 public:
    RotatePlanner(IndexList indices, PlanPolicy policy, UnixSeconds now);

    void explain_to(ExplainNote note, RemarkTaker remark) {
        lists_.explain_to(std::move(note), std::move(remark));
    }

    /// Indices are deleted only where these prove that a snapshot holds them.
    void require_proofs(SnapshotProofs proofs) { proofs_ = std::move(proofs); }

    /// Indices are deleted, the oldest first, only until no disk is beyond its limit.
    void delete_until(DiskState disks) { disks_ = std::move(disks); }

    /// What an earlier run of the same files did that was stopped: what would be done again by
    /// doing it once more (a rollover, a snapshot, …) is not planned, and that nothing is left to
    /// do for a step is no reason to end the run.
    void go_on_behind(StoppedRun run) { stopped_run_ = std::move(run); }

    /// As IndexSelector::wanted_ranges(), of an action that is still to be planned.
    [[nodiscard]] std::vector<WantedRange> wanted_ranges(const ActionSpec& spec) const;

    [[nodiscard]] std::vector<IndexFacts>& indices() { return lists_.indices(); }

    [[nodiscard]] const std::vector<IndexFacts>& indices() const { return lists_.indices(); }

    /// Whether steps are still planned: an action with an empty list may have ended the run.
    [[nodiscard]] bool is_stopped() const { return stopped_; }

    void add(const ActionSpec& spec, const StepFacts& facts);

    /// Settles actions of earlier runs at this cluster by what is there now, before anything is
    /// planned and behind go_on_behind(); and remembers those that can be gone on with. `looks`:
    /// one for each snapshot among them.
    [[nodiscard]] std::vector<SettledAction> settle(std::span<const UnsettledAction> unsettled,
                                                    std::span<const SnapshotLook> looks = {});

    [[nodiscard]] const std::vector<RotateStep>& steps() const { return steps_; }

    [[nodiscard]] const std::vector<SparedIndex>& spared() const { return lists_.spared(); }

    [[nodiscard]] const std::vector<std::string>& warnings() const { return lists_.warnings(); }

    [[nodiscard]] const ActionList& actions() const { return actions_; }

    /// Hands the actions over and lets the indices go: the plan is complete.
    [[nodiscard]] ActionList finish() {
        lists_.forget_indices();
        return std::move(actions_);
    }

    /// How many indices and snapshots the destructive steps could act on.
    [[nodiscard]] std::int64_t universe() const {
        return static_cast<std::int64_t>(lists_.universe());
    }

 private:
    [[nodiscard]] bool is_unfinished(const ActionSpec& spec, std::string_view subject) const;
    [[nodiscard]] std::optional<bool> look_whether_done(const UnsettledAction& action,
                                                        std::span<const SnapshotLook> looks) const;
    [[nodiscard]] const IndexFacts* find_write_index(std::string_view alias) const;
    [[nodiscard]] bool is_done_before(ActionType type) const;
    bool skip_done_before(RotateStep& step, std::string_view subject);
    void end_done_before(RotateStep& step);
    [[nodiscard]] std::optional<std::string> find_undated(const ActionSpec& spec,
                                                          const StepFacts& facts) const;
    [[nodiscard]] std::string resolved(const std::string& text) const;
    void plan(RotateStep& step, const StepFacts& facts);
    void end_empty(RotateStep& step);
    void end_impossible(RotateStep& step, std::string note);
    void fail_index(RotateStep& step, std::string_view name, std::string reason);
    void end_without_actions(RotateStep& step);
    void plan_list(RotateStep& step);
    void plan_alias(RotateStep& step);
    void plan_rollover(RotateStep& step, const StepFacts& facts);
    void plan_create(RotateStep& step);
    void plan_routing(RotateStep& step);
    void plan_snapshot(RotateStep& step);
    void plan_snapshot_deletes(RotateStep& step, const StepFacts& facts);
    void plan_restore(RotateStep& step, const StepFacts& facts);
    void plan_shrink(RotateStep& step, const StepFacts& facts);
    void plan_reindex(RotateStep& step, const StepFacts& facts);
    void plan_mount(RotateStep& step, const StepFacts& facts);
    std::optional<std::vector<std::string>> reindex_sources(RotateStep& step,
                                                            const ReindexRequest& request,
                                                            const StepFacts& facts);
    [[nodiscard]] std::string why_static(const ActionSpec& spec, const IndexNumbers& list) const;
    void drop_unproven(const ActionSpec& spec, IndexNumbers& list);
    IndexNumbers choose_for_disks(RotateStep& step, const IndexNumbers& list);
    void add_action(RotateStep& step, Action action);
    void add_action(RotateStep& step, Action action, const IndexFacts& subject);
    void take_effect(const ActionSpec& spec, std::uint32_t index);
    IndexFacts& add_index(std::string_view name);

    IndexSelector lists_;
    PlanPolicy policy_;
    UnixSeconds now_;
    bool stopped_ = false;
    std::vector<RotateStep> steps_{};
    ActionList actions_{};
    std::optional<SnapshotProofs> proofs_{};
    std::optional<DiskState> disks_{};
    std::map<std::string, std::string> names_{};  // StepFacts::names of all steps
    StoppedRun stopped_run_{};
    /// What an earlier run was stopped in the middle of, as stopped_action_key().
    std::set<std::string> unfinished_{};
};

}  // namespace caretaker
