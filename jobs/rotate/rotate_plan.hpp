// SPDX-License-Identifier: Apache-2.0
// From action files and what is known of the cluster to all that a run is going to do. Pure.
#pragma once

#include "common/base/upkeep_plan.hpp"
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/index_filters.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// How an action of a file came out of planning.
enum class StepState : std::uint8_t {
    planned,
    nothing,     // there is nothing to do, and that is fine
    disabled,    // disable_action
    empty,       // its list is empty, which it ignores
    stopped,     // its list is empty, and the run ends there, as Curator's does
    impossible,  // it cannot be done; `note` says why
    not_run,     // a step before it ended the run
};

struct RotateStep {
    const ActionSpec* spec = nullptr;
    StepState state = StepState::planned;
    std::string note{};                  // why it is not planned
    std::vector<std::size_t> actions{};  // their numbers in the plan
    std::string name{};                  // resolved: of the alias, index or snapshot
    std::string new_index{};             // of a rollover, where the file names it
    std::vector<std::string> indices{};  // of a snapshot
};

/// An index that the filters took and that is left alone all the same.
struct SparedIndex {
    std::size_t step = 0;
    std::string name{};
    std::string reason{};
};

/// What the server said of a rollover without doing it.
struct RolloverForecast {
    bool is_due = false;
    std::string old_index{};
    std::string new_index{};
    std::string conditions{};  // "[max_docs: 1]": those that are met
};

/// What a single step needs beside the list of indices.
struct StepFacts {
    std::optional<RolloverForecast> rollover{};
    std::vector<IndexFacts> snapshots{};
    std::string problem{};  // why it cannot be known; the step is then impossible
};

struct PlanPolicy {
    bool continue_on_empty = false;    // an empty list never ends the run
    bool allow_write_indices = false;  // those are destroyed, too
    bool everything = false;           // hidden and system indices are on the lists, too
};

/// Tells what a filter found: the filter's number from 0; one past the last is the program's own.
using ExplainNote = std::function<void(const ActionSpec& spec,
                                       std::size_t filter,
                                       const FilterSpec& filter_spec,
                                       const FilterNote& note,
                                       const std::string& name)>;

/// Plans one action after the other. What a planned action will do is put into the list of indices,
/// so that the next one is planned for what it will find.
class RotatePlanner {
 public:
    RotatePlanner(std::vector<IndexFacts> indices, PlanPolicy policy, UnixSeconds now);

    void explain_to(ExplainNote note) { note_ = std::move(note); }

    /// The indices that pass the filters before the first one that needs `source: field_stats`,
    /// with the field; nothing where no filter does. Their field_ranges are to be set.
    [[nodiscard]] std::vector<std::pair<std::uint32_t, std::string>> wanted_ranges(
        const ActionSpec& spec);

    [[nodiscard]] std::vector<IndexFacts>& indices() { return indices_; }

    /// Whether steps are still planned: an action with an empty list may have ended the run.
    [[nodiscard]] bool is_stopped() const { return stopped_; }

    void add(const ActionSpec& spec, const StepFacts& facts);

    /// Settles actions of an earlier run by what is there now, before anything is planned.
    [[nodiscard]] std::vector<SettledAction> settle(
        std::span<const UnsettledAction> unsettled) const;

    [[nodiscard]] const std::vector<RotateStep>& steps() const { return steps_; }

    [[nodiscard]] const std::vector<SparedIndex>& spared() const { return spared_; }

    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

    [[nodiscard]] const ActionList& actions() const { return actions_; }

    /// How many indices and snapshots the destructive steps could act on.
    [[nodiscard]] std::int64_t universe() const {
        return static_cast<std::int64_t>(universe_.size());
    }

 private:
    IndexNumbers initial_list(const ActionSpec& spec);
    IndexNumbers filtered(const ActionSpec& spec,
                          std::span<const FilterSpec> filters,
                          IndexNumbers list,
                          std::span<const IndexFacts> facts);
    IndexNumbers index_list(const ActionSpec& spec, std::span<const FilterSpec> filters);
    void drop_unfit(const ActionSpec& spec, IndexNumbers& list);
    void drop_protected(const ActionSpec& spec, IndexNumbers& list);
    void end_empty(RotateStep& step);
    void end_impossible(RotateStep& step, std::string note);
    void plan_list(RotateStep& step);
    void plan_alias(RotateStep& step);
    void plan_rollover(RotateStep& step, const StepFacts& facts);
    void plan_create(RotateStep& step);
    void plan_routing(RotateStep& step);
    void plan_snapshot(RotateStep& step);
    void plan_snapshot_deletes(RotateStep& step, const StepFacts& facts);
    [[nodiscard]] std::string reason_for(std::span<const FilterSpec> filters,
                                         std::span<const IndexFacts> facts,
                                         std::uint32_t index) const;
    void add_action(RotateStep& step, Action action);
    void take_effect(const ActionSpec& spec, std::uint32_t index);

    std::vector<IndexFacts> indices_;
    PlanPolicy policy_;
    UnixSeconds now_;
    ExplainNote note_{};
    bool stopped_ = false;
    std::vector<RotateStep> steps_{};
    std::vector<SparedIndex> spared_{};
    std::vector<std::string> warnings_{};
    ActionList actions_{};
    std::set<std::string> universe_{};
};

/// "delete_index" and the like: what one action of a step is called.
std::string_view action_kind(ActionType type);

/// Whether the action destroys data, so that the brakes count it.
bool is_destructive(ActionType type);

}  // namespace caretaker
