// SPDX-License-Identifier: Apache-2.0
// The lists that actions begin with: all indices, through the filters of a file, without what is
// protected. Pure.
#pragma once

#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/index_facts.hpp"
#include "jobs/rotate/index_filters.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// An index that the filters took and that is left alone all the same.
struct SparedIndex {
    std::size_t step = 0;
    std::string name{};
    std::string reason{};
    bool failed = false;  // the action was to be done to it, and cannot be
};

struct PlanPolicy {
    bool continue_on_empty = false;    // an empty list never ends the run
    bool allow_write_indices = false;  // those are destroyed, too
    bool everything = false;           // hidden and system indices are on the lists, too
    bool strict = false;               // an index without a date fails the action, as in Curator
    bool as_curator = false;           // what Curator takes for a failure is one
    bool as_curators_dry_run = false;  // whose lists may be emptied by their last filter
};

/// Tells what a filter found: the filter's number from 0; one past the last is the program's own.
using ExplainNote = std::function<void(const ActionSpec& spec,
                                       std::size_t filter,
                                       const FilterSpec& filter_spec,
                                       const FilterNote& note,
                                       std::string_view name)>;

/// What keeps an action from an index beside its filters.
struct ExplainRemark {
    std::size_t step = 0;
    std::string_view name{};
    std::string_view reason{};
    bool is_expected = false;  // nothing in the file asks for such an index
};

using RemarkTaker = std::function<void(const ExplainRemark&)>;

/// An index by its number, and the field whose range is wanted.
using WantedRange = std::pair<std::uint32_t, std::string>;

/// Makes lists out of the indices of one cluster, and keeps what it spared and has to warn of.
class IndexSelector {
 public:
    IndexSelector(IndexList indices, PlanPolicy policy, UnixSeconds now);

    void explain_to(ExplainNote note, RemarkTaker remark) {
        note_ = std::move(note);
        remark_ = std::move(remark);
    }

    /// What stands from now on is spared for step number `step`.
    void begin_step(std::size_t step) {
        step_ = step;
        met_empty_list_ = false;
    }

    /// Whether a filter of this step began with an empty list, of which those of Curator complain.
    [[nodiscard]] bool met_empty_list() const { return met_empty_list_; }

    [[nodiscard]] std::vector<IndexFacts>& indices() { return indices_; }

    /// What the texts of the indices belong to.
    [[nodiscard]] const std::shared_ptr<TextArena>& texts() const { return texts_; }

    [[nodiscard]] const std::vector<IndexFacts>& indices() const { return indices_; }

    /// Gives their memory back.
    void forget_indices() {
        indices_.clear();
        indices_.shrink_to_fit();
    }

    /// The index of that name that exists in the plan so far; null when there is none.
    [[nodiscard]] const IndexFacts* find(std::string_view name) const;

    /// What `filters` leave for the action; counts what a destructive one could act on.
    IndexNumbers select(const ActionSpec& spec, std::span<const FilterSpec> filters);

    /// The same by the filters alone: nothing is counted, and no lifecycle spares anything.
    IndexNumbers select_by(const ActionSpec& spec, std::span<const FilterSpec> filters);

    /// The part of `list`, numbers in `facts`, that passes `filters`.
    IndexNumbers filtered(const ActionSpec& spec,
                          std::span<const FilterSpec> filters,
                          IndexNumbers list,
                          std::span<const IndexFacts> facts);

    /// Takes out what the action has nothing to do with: closed indices, merged ones.
    void drop_unfit(const ActionSpec& spec, IndexNumbers& list);

    /// Takes out, and notes as spared, the indices that writes go to.
    void drop_protected(const ActionSpec& spec, IndexNumbers& list);

    /// The indices that pass the filters before the first one that needs `source: field_stats`,
    /// with the field; nothing where no filter does. Their field_ranges are to be set.
    [[nodiscard]] std::vector<WantedRange> wanted_ranges(const ActionSpec& spec) const;
    [[nodiscard]] std::vector<WantedRange> wanted_ranges_of(
        const ActionSpec& spec, std::span<const FilterSpec> filters) const;

    /// The first index of the action's lists, or of these snapshots, for which Curator fails the
    /// action (FilteredList::undated).
    [[nodiscard]] std::optional<std::string> find_undated(
        const ActionSpec& spec, std::span<const IndexFacts> snapshots) const;

    /// Why an index of the list is on it, in words.
    [[nodiscard]] std::string reason_for(std::span<const FilterSpec> filters,
                                         std::span<const IndexFacts> facts,
                                         std::uint32_t index) const;

    void spare(std::string_view name, std::string reason);

    /// Explains, and nothing more, why the action leaves an index alone that its filters take.
    void remark(std::string_view name, std::string_view reason) const;

    /// Notes that the action cannot be done to it.
    void fail(std::string_view name, std::string reason);

    void warn(std::string warning) { warnings_.push_back(std::move(warning)); }

    /// One more thing that a destructive step could act on, beside indices.
    void count_snapshot(std::string name) { counted_snapshots_.insert(std::move(name)); }

    [[nodiscard]] const std::vector<SparedIndex>& spared() const { return spared_; }

    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

    /// How many things the destructive steps could act on.
    [[nodiscard]] std::size_t universe() const;

 private:
    [[nodiscard]] IndexNumbers in_scope(const ActionSpec& spec) const;
    IndexNumbers initial_list(const ActionSpec& spec);
    void note_spared(std::string_view name, std::string reason);
    void explain_scope(const ListScope& scope) const;

    std::shared_ptr<TextArena> texts_;
    std::vector<IndexFacts> indices_;  // those that the plan makes stand behind the sorted ones
    std::size_t sorted_ = 0;
    PlanPolicy policy_;
    UnixSeconds now_;
    ExplainNote note_{};
    RemarkTaker remark_{};
    std::size_t step_ = 0;
    bool met_empty_list_ = false;
    std::vector<SparedIndex> spared_{};
    std::vector<std::string> warnings_{};
    std::vector<bool> counted_{};  // by the numbers of indices
    std::set<std::string> counted_snapshots_{};
};

}  // namespace caretaker
