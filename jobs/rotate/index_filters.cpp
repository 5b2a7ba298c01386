// SPDX-License-Identifier: Apache-2.0
// The behaviour is Curator's, with these differences, each of which only ever drops an index whose
// age, group or state is unknown, or says so: a name that looks like a date and is none, and a
// field without values, drop that index instead of failing the action; `count` with a pattern keeps
// `exclude` as it is written; an index without a count of its own is dropped where the filter age
// has unit_count -1.
#include "jobs/rotate/index_filters.hpp"

#include "jobs/rotate/filter_decisions.hpp"
#include "jobs/rotate/pattern_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

std::string format_gib(std::optional<std::int64_t> bytes) {
    return bytes ? fmt::format("{:.1f} GiB", static_cast<double>(*bytes) / bytes_per_gib)
                 : "size unknown";
}

/// Decides one filter over one list.
class FilterRun {
 public:
    FilterRun(const FilterSpec& filter, const FilterInput& input)
        : decisions_(filter, input), options_(filter.options) {}

    FilteredList run(const IndexNumbers& list) {
        switch (decisions_.filter().type) {
            case FilterType::age:
                filter_by_age(decisions_, list);
                break;
            case FilterType::alias:
                by_alias(list);
                break;
            case FilterType::allocated:
                by_allocation(list);
                break;
            case FilterType::closed:
                decisions_.each(
                    list, [](const IndexFacts& index) { return !index.is_open; }, state_words);
                break;
            case FilterType::opened:
                decisions_.each(
                    list, [](const IndexFacts& index) { return index.is_open; }, state_words);
                break;
            case FilterType::count:
                filter_by_count(decisions_, list);
                break;
            case FilterType::empty:
                by_emptiness(list);
                break;
            case FilterType::forcemerged:
                by_segments(list);
                break;
            case FilterType::ilm:
                decisions_.each(
                    list,
                    [](const IndexFacts& index) { return !index.rare->lifecycle.empty(); },
                    [](const IndexFacts& index) { return index.describe_lifecycle(); });
                break;
            case FilterType::kibana:
                decisions_.each(
                    list,
                    [](const IndexFacts& index) { return index.name.starts_with(".kibana"); },
                    [](const IndexFacts&) { return std::string("its name"); });
                break;
            case FilterType::none:
                for (const std::uint32_t index : list) {
                    decisions_.take(index, [] { return std::string("takes any"); });
                }
                break;
            case FilterType::pattern:
                by_pattern(list);
                break;
            case FilterType::period:
                filter_by_period(decisions_, list);
                break;
            case FilterType::shards:
                by_shards(list);
                break;
            case FilterType::size:
                by_size(list);
                break;
            case FilterType::space:
                filter_by_space(decisions_, list);
                break;
            case FilterType::state:
                decisions_.each(
                    list,
                    [&](const IndexFacts& one) {
                        return one.rare->snapshot_state == options_.text("state");
                    },
                    [](const IndexFacts& one) { return std::string(one.rare->snapshot_state); });
                break;
        }
        return decisions_.finish();
    }

 private:
    static std::string state_words(const IndexFacts& index) {
        return index.is_open ? "open" : "closed";
    }

    void by_alias(const IndexNumbers& list) {
        const std::vector<std::string> names = options_.texts("aliases");
        const bool all_known = std::ranges::all_of(names, [&](const std::string& name) {
            return std::ranges::any_of(list, [&](std::uint32_t index) {
                return decisions_.facts(index).find_alias(name) != nullptr;
            });
        });
        for (const std::uint32_t index : list) {
            const auto found = std::ranges::find_if(names, [&](const std::string& name) {
                return decisions_.facts(index).find_alias(name) != nullptr;
            });
            decisions_.decide(index, all_known && found != names.end(), [&] {
                if (!all_known) {
                    return std::string("one of the aliases is behind no index of the list");
                }
                return found == names.end() ? std::string("behind none of the aliases")
                                            : fmt::format("behind the alias {}", *found);
            });
        }
    }

    void by_allocation(const IndexNumbers& list) {
        const std::string key =
            fmt::format("{}.{}", options_.text("allocation_type"), options_.text("key"));
        const std::string wanted = options_.text("value");
        for (const std::uint32_t index : list) {
            const auto& allocation = decisions_.facts(index).rare->allocation;
            const auto found =
                std::ranges::find(allocation, key, [](const auto& pair) { return pair.first; });
            const bool is_set = found != allocation.end();
            decisions_.decide(index, is_set && found->second == wanted, [&] {
                return fmt::format("{} is {}", key, is_set ? found->second : "not set");
            });
        }
    }

    void by_emptiness(const IndexNumbers& list) {
        for (const std::uint32_t index : list) {
            const IndexFacts& one = decisions_.facts(index);
            if (!one.is_open || !one.docs) {
                decisions_.drop(
                    index, [] { return std::string("closed, so its documents are not counted"); });
            } else {
                decisions_.decide(
                    index, *one.docs == 0, [&] { return fmt::format("{} documents", *one.docs); });
            }
        }
    }

    void by_segments(const IndexNumbers& list) {
        const std::int64_t most = options_.integer("max_num_segments");
        for (const std::uint32_t index : list) {
            const IndexFacts& one = decisions_.facts(index);
            if (!one.is_open || !one.rare->segments) {
                decisions_.drop(
                    index, [] { return std::string("closed, so its segments are not known"); });
                continue;
            }
            const std::int64_t copies =
                std::int64_t{one.shards} + std::int64_t{one.shards} * one.replicas;
            decisions_.decide(index, *one.rare->segments <= copies * most, [&] {
                return fmt::format(
                    "{} segments in {} copies of shards", *one.rare->segments, copies);
            });
        }
    }

    void by_pattern(const IndexNumbers& list) {
        const Regex regex =
            compile_checked(pattern_expression(options_.text("kind"), options_.text("value")));
        decisions_.each(
            list,
            [&](const IndexFacts& index) { return regex.search(index.name); },
            [](const IndexFacts&) { return std::string("its name"); });
    }

    void by_shards(const IndexNumbers& list) {
        const std::int64_t wanted = options_.integer("number_of_shards");
        const std::string behavior = options_.text("shard_filter_behavior");
        for (const std::uint32_t index : list) {
            const std::int64_t shards = decisions_.facts(index).shards;
            bool matches = shards > wanted;
            if (behavior == "less_than") {
                matches = shards < wanted;
            } else if (behavior == "greater_than_or_equal") {
                matches = shards >= wanted;
            } else if (behavior == "less_than_or_equal") {
                matches = shards <= wanted;
            } else if (behavior == "equal") {
                matches = shards == wanted;
            }
            decisions_.decide(
                index, matches, [&] { return fmt::format("{} primary shards", shards); });
        }
    }

    void by_size(const IndexNumbers& list) {
        const double limit = options_.real("size_threshold") * bytes_per_gib;
        const bool greater = options_.text("threshold_behavior") == "greater_than";
        const bool total = options_.text("size_behavior") == "total";
        for (const std::uint32_t index : list) {
            const IndexFacts& one = decisions_.facts(index);
            const auto bytes = total ? one.total_bytes : one.primary_bytes;
            if (!one.is_open || !bytes) {
                decisions_.drop(index,
                                [] { return std::string("closed, so its size is not known"); });
                continue;
            }
            const auto size = static_cast<double>(*bytes);
            decisions_.decide(
                index, greater ? size > limit : size < limit, [&] { return format_gib(bytes); });
        }
    }

    FilterDecisions decisions_;
    const CheckedOptions& options_;
};

}  // namespace

FilteredList apply_filter(const FilterSpec& filter,
                          const FilterInput& input,
                          const IndexNumbers& list) {
    return FilterRun(filter, input).run(list);
}

bool uses_segments(std::span<const FilterSpec> filters) {
    return std::ranges::any_of(
        filters, [](const FilterSpec& filter) { return filter.type == FilterType::forcemerged; });
}

}  // namespace caretaker
