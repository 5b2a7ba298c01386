// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/index_selector.hpp"

#include "common/base/error.hpp"
#include "common/text/regex.hpp"
#include "jobs/rotate/action_traits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace caretaker {

namespace {

bool uses_field(const FilterSpec& filter) {
    return filter.options.text("source") == "field_stats" &&
           (filter.type == FilterType::age || filter.type == FilterType::period ||
            filter.options.flag("use_age"));
}

/// Appended by Curator to an action's own filters unless allow_ilm_indices.
const FilterSpec& lifecycle_filter() {
    static const FilterSpec filter{.type = FilterType::ilm, .exclude = true};
    return filter;
}

ListScope scope_of(const ActionSpec& spec, bool everything) {
    const CheckedOptions& options = spec.options;
    return {.search_pattern =
                options.has("search_pattern") ? options.text("search_pattern") : std::string("*"),
            .include_hidden = options.flag("include_hidden"),
            .include_data_streams = options.flag("include_datastreams"),
            .include_kibana = options.flag("include_kibana"),
            .include_system = options.flag("include_system"),
            .everything = everything};
}

/// apply_filter(), whose limit of steps is an error of the file.
FilteredList apply(const ActionSpec& spec,
                   const FilterSpec& filter,
                   const FilterInput& input,
                   const IndexNumbers& list) {
    try {
        return apply_filter(filter, input, list);
    } catch (const RegexLimitError& error) {  // rethrown with its place in the file
        throw Error(
            ExitCode::failed,
            "pattern_limit",
            fmt::format("{}:{}:{}: action {}: the filter {}: {}; write a simpler expression",
                        spec.file,
                        filter.at.line,
                        filter.at.column,
                        spec.id,
                        describe_filter(filter),
                        error.what()));
    }
}

}  // namespace

IndexSelector::IndexSelector(IndexList indices, PlanPolicy policy, UnixSeconds now)
    : texts_(std::move(indices.texts)),
      indices_(std::move(indices.indices)),
      policy_(policy),
      now_(now) {
    std::ranges::sort(indices_, {}, &IndexFacts::name);
    sorted_ = indices_.size();
}

const IndexFacts* IndexSelector::find(std::string_view name) const {
    const auto behind = indices_.begin() + static_cast<std::ptrdiff_t>(sorted_);
    auto found = std::lower_bound(
        indices_.begin(), behind, name, [](const IndexFacts& index, std::string_view wanted) {
            return index.name < wanted;
        });
    if (found == behind || found->name != name || !found->exists) {
        found = std::find_if(behind, indices_.end(), [&](const IndexFacts& index) {
            return index.exists && index.name == name;
        });
    }
    return found == indices_.end() ? nullptr : &*found;
}

std::size_t IndexSelector::universe() const {
    return static_cast<std::size_t>(std::ranges::count(counted_, true)) + counted_snapshots_.size();
}

void IndexSelector::note_spared(std::string_view name, std::string reason) {
    spared_.push_back({.step = step_, .name = std::string(name), .reason = std::move(reason)});
}

void IndexSelector::spare(std::string_view name, std::string reason) {
    remark(name, reason);
    note_spared(name, std::move(reason));
}

void IndexSelector::remark(std::string_view name, std::string_view reason) const {
    if (remark_) {
        remark_({.step = step_, .name = name, .reason = reason});
    }
}

void IndexSelector::fail(std::string_view name, std::string reason) {
    remark(name, reason);
    spared_.push_back(
        {.step = step_, .name = std::string(name), .reason = std::move(reason), .failed = true});
}

/// What the action's list begins with.
IndexNumbers IndexSelector::in_scope(const ActionSpec& spec) const {
    const ListScope scope = scope_of(spec, policy_.everything);
    IndexNumbers list;
    for (std::uint32_t i = 0; i < indices_.size(); ++i) {
        if (indices_[i].exists && is_in_reach(indices_[i], scope) &&
            left_out(indices_[i], scope).empty()) {
            list.push_back(i);
        }
    }
    return list;
}

/// Why indices are not on the list that the filters begin with.
void IndexSelector::explain_scope(const ListScope& scope) const {
    for (const IndexFacts& index : indices_) {
        if (!remark_ || !index.exists) {
            continue;
        }
        const std::string_view why = is_named_by(index, scope.search_pattern)
                                         ? left_out(index, scope)
                                         : std::string_view("the search_pattern does not name it");
        if (!why.empty()) {
            remark_({.step = step_, .name = index.name, .reason = why, .is_expected = true});
        }
    }
}

/// The same; what the file asks for by name and is not on it is noted as spared.
IndexNumbers IndexSelector::initial_list(const ActionSpec& spec) {
    const ListScope scope = scope_of(spec, policy_.everything);
    const FilterInput input{.indices = indices_, .now = now_};
    explain_scope(scope);
    IndexNumbers list;
    IndexNumbers out_of_scope;
    for (std::uint32_t i = 0; i < indices_.size(); ++i) {
        if (!indices_[i].exists || !is_in_reach(indices_[i], scope)) {
            continue;
        }
        (left_out(indices_[i], scope).empty() ? list : out_of_scope).push_back(i);
    }
    // Files of old versions had these on their lists; where the names are asked for, it is told.
    bool asks_for_names = false;
    for (const FilterSpec& filter : spec.filters) {
        if (filter.type == FilterType::pattern) {
            asks_for_names = asks_for_names || !filter.exclude;
            out_of_scope = apply(spec, filter, input, out_of_scope).indices;
        }
    }
    if (asks_for_names) {
        for (const std::uint32_t index : out_of_scope) {
            note_spared(indices_[index].name, std::string(left_out(indices_[index], scope)));
        }
    }
    return list;
}

IndexNumbers IndexSelector::filtered(const ActionSpec& spec,
                                     std::span<const FilterSpec> filters,
                                     IndexNumbers list,
                                     std::span<const IndexFacts> facts) {
    for (std::size_t i = 0; i < filters.size(); ++i) {
        const bool complains =
            filters[i].type != FilterType::none && filters[i].type != FilterType::ilm;
        met_empty_list_ = met_empty_list_ || (complains && list.empty());
        FilterInput input{.indices = facts, .now = now_};
        if (note_) {
            input.note = [&, i](const FilterNote& note) {
                note_(spec, i, filters[i], note, facts[note.index].name);
            };
        }
        FilteredList result = apply(spec, filters[i], input, list);
        list = std::move(result.indices);
        warnings_.insert(warnings_.end(), result.warnings.begin(), result.warnings.end());
    }
    return list;
}

IndexNumbers IndexSelector::select(const ActionSpec& spec, std::span<const FilterSpec> filters) {
    IndexNumbers list = initial_list(spec);
    if (is_destructive(spec.type)) {
        const WriteIndices written(indices_);
        for (const std::uint32_t index : list) {
            if (policy_.allow_write_indices || written.why_protected(indices_[index]).empty()) {
                counted_.resize(indices_.size());
                counted_[index] = true;
            }
        }
    }
    list = filtered(spec, filters, std::move(list), indices_);
    if (!spec.options.flag("allow_ilm_indices") && spec.type != ActionType::alias) {
        FilterInput input{.indices = indices_, .now = now_};
        input.note = [&](const FilterNote& note) {
            if (!note.kept) {
                note_spared(indices_[note.index].name, note.reason + ", and no allow_ilm_indices");
            }
            if (note_) {
                note_(spec, filters.size(), lifecycle_filter(), note, indices_[note.index].name);
            }
        };
        list = apply(spec, lifecycle_filter(), input, list).indices;
    }
    return list;
}

IndexNumbers IndexSelector::select_by(const ActionSpec& spec, std::span<const FilterSpec> filters) {
    return filtered(spec, filters, initial_list(spec), indices_);
}

void IndexSelector::drop_unfit(const ActionSpec& spec, IndexNumbers& list) {
    const auto drop = [&](auto is_unfit, std::string_view reason) {
        std::erase_if(list, [&](std::uint32_t index) {
            const bool drops = is_unfit(indices_[index]);
            if (drops) {
                remark(indices_[index].name, reason);
            }
            return drops;
        });
    };
    if (needs_open_indices(spec.type)) {
        drop([](const IndexFacts& one) { return !one.is_open; },
             "closed, which this action leaves alone");
    }
    if (spec.type == ActionType::shrink) {
        const std::int64_t wanted = spec.options.integer("number_of_shards");
        drop([&](const IndexFacts& one) { return one.shards <= wanted; },
             "it has no more shards than it should get");
    }
    if (spec.type == ActionType::forcemerge) {
        const std::int64_t most = spec.options.integer("max_num_segments");
        drop(
            [&](const IndexFacts& one) {
                const std::int64_t copies =
                    std::int64_t{one.shards} * (1 + std::int64_t{one.replicas});
                return one.rare->segments && *one.rare->segments <= copies * most;
            },
            "merged already");
    }
}

void IndexSelector::drop_protected(const ActionSpec& spec, IndexNumbers& list) {
    if (!spares_write_indices(spec.type) || policy_.allow_write_indices) {
        return;
    }
    const WriteIndices written(indices_);
    std::erase_if(list, [&](std::uint32_t index) {
        const std::string why = written.why_protected(indices_[index]);
        if (!why.empty()) {
            spare(indices_[index].name, why);
        }
        return !why.empty();
    });
}

std::vector<WantedRange> IndexSelector::wanted_ranges(const ActionSpec& spec) const {
    std::vector<WantedRange> wanted;
    for (const auto* filters : {&spec.filters, &spec.add, &spec.remove}) {
        const std::vector<WantedRange> some = wanted_ranges_of(spec, *filters);
        wanted.insert(wanted.end(), some.begin(), some.end());
    }
    return wanted;
}

std::vector<WantedRange> IndexSelector::wanted_ranges_of(
    const ActionSpec& spec, std::span<const FilterSpec> filters) const {
    const auto first = std::ranges::find_if(filters, uses_field);
    if (first == filters.end()) {
        return {};
    }
    IndexNumbers list = in_scope(spec);
    for (auto filter = filters.begin(); filter != first; ++filter) {
        list = apply(spec, *filter, {.indices = indices_, .now = now_}, list).indices;
    }
    std::set<std::string> fields;
    for (auto filter = first; filter != filters.end(); ++filter) {
        if (uses_field(*filter)) {
            fields.insert(filter->options.text("field"));
        }
    }
    std::vector<WantedRange> wanted;
    for (const std::uint32_t index : list) {
        const IndexFacts& one = indices_[index];
        for (const std::string& field : fields) {
            if (one.is_open && one.docs.value_or(0) > 0 && one.find_range(field) == nullptr) {
                wanted.emplace_back(index, field);
            }
        }
    }
    return wanted;
}

std::optional<std::string> IndexSelector::find_undated(
    const ActionSpec& spec, std::span<const IndexFacts> snapshots) const {
    const bool is_of_snapshots = filter_form(spec.type) == FilterForm::snapshots;
    const std::span<const IndexFacts> facts =
        is_of_snapshots ? snapshots : std::span<const IndexFacts>(indices_);
    for (const auto* filters : {&spec.filters, &spec.add, &spec.remove}) {
        IndexNumbers list;
        if (is_of_snapshots) {
            list.resize(facts.size());
            std::iota(list.begin(), list.end(), 0U);
        } else {
            list = in_scope(spec);
        }
        for (const FilterSpec& filter : *filters) {
            FilteredList result = apply(spec, filter, {.indices = facts, .now = now_}, list);
            if (result.undated) {
                return result.undated;
            }
            list = std::move(result.indices);
        }
    }
    return std::nullopt;
}

std::string IndexSelector::reason_for(std::span<const FilterSpec> filters,
                                      std::span<const IndexFacts> facts,
                                      std::uint32_t index) const {
    const FilterSpec* telling = nullptr;
    for (const FilterSpec& filter : filters) {
        const bool is_age = filter.type == FilterType::age || filter.type == FilterType::period;
        if (is_age || (telling == nullptr && filter.type != FilterType::none)) {
            telling = &filter;
        }
    }
    if (telling == nullptr) {
        return "no filter leaves it out";
    }
    if (telling->type != FilterType::age && telling->type != FilterType::period) {
        return describe_filter(*telling);
    }
    std::string reason;
    const FilterInput input{.indices = facts, .now = now_, .note = [&](const FilterNote& note) {
                                reason = note.reason;
                            }};
    (void)apply_filter(*telling, input, {index});
    return reason;
}

}  // namespace caretaker
