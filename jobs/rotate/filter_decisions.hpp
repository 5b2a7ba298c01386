// SPDX-License-Identifier: Apache-2.0
// What a filter decides about each index of a list, collected. For the filters alone.
#pragma once

#include "common/text/regex.hpp"
#include "jobs/rotate/index_filters.hpp"
#include "jobs/rotate/list_age.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace caretaker {

inline constexpr double bytes_per_gib = 1024.0 * 1024.0 * 1024.0;

class FilterDecisions {
 public:
    FilterDecisions(const FilterSpec& filter, const FilterInput& input)
        : filter_(filter), input_(input) {}

    [[nodiscard]] const FilterSpec& filter() const { return filter_; }

    [[nodiscard]] const CheckedOptions& options() const { return filter_.options; }

    [[nodiscard]] UnixSeconds now() const { return input_.now; }

    [[nodiscard]] const IndexFacts& facts(std::uint32_t index) const {
        return input_.indices[index];
    }

    void warn(std::string warning) { result_.warnings.push_back(std::move(warning)); }

    /// `words()` says why; it is called only where somebody listens.
    template <typename Words>
    void decide(std::uint32_t index, bool matches, Words words) {
        const bool kept = matches != filter_.exclude;
        if (kept) {
            result_.indices.push_back(index);
        }
        note(index, kept, words, false);
    }

    /// Takes it whatever `exclude` says.
    template <typename Words>
    void take(std::uint32_t index, Words words) {
        result_.indices.push_back(index);
        note(index, true, words, false);
    }

    /// Leaves it whatever `exclude` says.
    template <typename Words>
    void drop(std::uint32_t index, Words words) {
        note(index, false, words, true);
    }

    template <typename Test, typename Words>
    void each(const IndexNumbers& list, Test test, Words words) {
        for (const std::uint32_t index : list) {
            decide(index, test(facts(index)), [&] { return words(facts(index)); });
        }
    }

    /// The age, or the index dropped.
    std::optional<ListAge> age_or_drop(const AgeReader& reader, std::uint32_t index);

    /// What was decided, ascending.
    FilteredList finish();

 private:
    template <typename Words>
    void note(std::uint32_t index, bool kept, Words words, bool unasked) {
        if (input_.note) {
            input_.note(
                {.index = index, .kept = kept, .dropped_unasked = unasked, .reason = words()});
        }
    }

    const FilterSpec& filter_;
    const FilterInput& input_;
    FilteredList result_{};
};

/// Throws UsageError.
Regex compile_checked(const std::string& expression);

// The filters of those names.
void filter_by_age(FilterDecisions& decisions, const IndexNumbers& list);
void filter_by_period(FilterDecisions& decisions, const IndexNumbers& list);
void filter_by_count(FilterDecisions& decisions, const IndexNumbers& list);
void filter_by_space(FilterDecisions& decisions, const IndexNumbers& list);

}  // namespace caretaker
