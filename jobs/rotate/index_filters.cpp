// SPDX-License-Identifier: Apache-2.0
// The behaviour is Curator's, with these differences, each of which only ever drops an index whose
// age, group or state is unknown, or says so: a name that looks like a date and is none, and a
// field without values, drop that index instead of failing the action; `count` with a pattern keeps
// `exclude` as it is written; an index without a count of its own is dropped where the filter age
// has unit_count -1.
#include "jobs/rotate/index_filters.hpp"

#include "common/base/error.hpp"
#include "jobs/rotate/list_age.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace caretaker {

namespace {

constexpr double gib = 1024.0 * 1024.0 * 1024.0;

Regex compile_checked(const std::string& expression) {
    RegexResult result = Regex::compile(expression);
    if (!result.regex) {
        throw UsageError(
            fmt::format("'{}' is no regular expression: {}", expression, result.error));
    }
    return std::move(*result.regex);
}

std::string format_gib(std::optional<std::int64_t> bytes) {
    return bytes ? fmt::format("{:.1f} GiB", static_cast<double>(*bytes) / gib) : "size unknown";
}

/// Decides one filter over one list.
class FilterRun {
 public:
    FilterRun(const FilterSpec& filter, const FilterInput& input)
        : filter_(filter), options_(filter.options), input_(input) {}

    FilteredList run(const IndexNumbers& list) {
        switch (filter_.type) {
            case FilterType::age:
                by_age(list);
                break;
            case FilterType::alias:
                by_alias(list);
                break;
            case FilterType::allocated:
                by_allocation(list);
                break;
            case FilterType::closed:
                each(
                    list, [](const IndexFacts& index) { return !index.is_open; }, state_words);
                break;
            case FilterType::opened:
                each(
                    list, [](const IndexFacts& index) { return index.is_open; }, state_words);
                break;
            case FilterType::count:
                by_count(list);
                break;
            case FilterType::empty:
                by_emptiness(list);
                break;
            case FilterType::forcemerged:
                by_segments(list);
                break;
            case FilterType::ilm:
                each(
                    list,
                    [](const IndexFacts& index) { return !index.lifecycle.empty(); },
                    [](const IndexFacts& index) { return index.describe_lifecycle(); });
                break;
            case FilterType::kibana:
                each(
                    list,
                    [](const IndexFacts& index) { return index.name.starts_with(".kibana"); },
                    [](const IndexFacts&) { return std::string("its name"); });
                break;
            case FilterType::none:
                result_.indices = list;
                for (const std::uint32_t index : list) {
                    note(index, true, [] { return std::string("takes any"); });
                }
                break;
            case FilterType::pattern:
                by_pattern(list);
                break;
            case FilterType::period:
                by_period(list);
                break;
            case FilterType::shards:
                by_shards(list);
                break;
            case FilterType::size:
                by_size(list);
                break;
            case FilterType::space:
                by_space(list);
                break;
            case FilterType::state:
                each(
                    list,
                    [&](const IndexFacts& one) {
                        return one.snapshot_state == options_.text("state");
                    },
                    [](const IndexFacts& one) { return one.snapshot_state; });
                break;
        }
        return std::move(result_);
    }

 private:
    [[nodiscard]] const IndexFacts& facts(std::uint32_t index) const {
        return input_.indices[index];
    }

    template <typename Words>
    void note(std::uint32_t index, bool kept, Words words, bool unasked = false) {
        if (input_.note) {
            input_.note(
                {.index = index, .kept = kept, .dropped_unasked = unasked, .reason = words()});
        }
    }

    template <typename Words>
    void decide(std::uint32_t index, bool matches, Words words) {
        const bool kept = matches != filter_.exclude;
        if (kept) {
            result_.indices.push_back(index);
        }
        note(index, kept, words);
    }

    /// Whatever `exclude` says.
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

    static std::string state_words(const IndexFacts& index) {
        return index.is_open ? "open" : "closed";
    }

    /// The age, or the index dropped.
    std::optional<ListAge> age_or_drop(const AgeReader& reader, std::uint32_t index) {
        ListAge age = reader.read(facts(index));
        if (age.seconds) {
            return age;
        }
        if (age.is_odd) {
            result_.warnings.push_back(
                fmt::format("{} is left alone: {}", facts(index).name, age.origin));
            if (!result_.undated) {
                result_.undated = fmt::format("{}: {}", facts(index).name, age.origin);
            }
        }
        drop(index, [&] { return age.origin; });
        return std::nullopt;
    }

    void by_age(const IndexNumbers& list) {
        const AgeReader reader(options_);
        const UnixSeconds reference = reference_time(options_, input_.now);
        const std::int64_t now = reference.time_since_epoch().count();
        const std::int64_t unit = age_unit_seconds(options_.text("unit"));
        const std::int64_t usual = options_.integer("unit_count");
        const bool older = options_.text("direction") == "older";
        std::optional<Regex> pattern;
        if (options_.is_given("unit_count_pattern")) {
            RegexResult compiled =
                Regex::compile(from_python_regex(options_.text("unit_count_pattern")));
            if (compiled.regex) {
                pattern = std::move(compiled.regex);
            } else {
                result_.warnings.push_back(
                    fmt::format("unit_count_pattern is no regular expression ({}), so unit_count "
                                "holds for all",
                                compiled.error));
            }
        }
        std::size_t without_count = 0;
        for (const std::uint32_t index : list) {
            const auto age = age_or_drop(reader, index);
            if (!age) {
                continue;
            }
            std::int64_t count = usual;
            if (options_.is_given("unit_count_pattern")) {
                count = count_in_name(pattern, facts(index).name).value_or(usual);
                if (count == -1) {
                    ++without_count;
                    drop(index, [] { return std::string("no count in its name"); });
                    continue;
                }
            }
            const std::int64_t limit = now - count * unit;
            const bool matches = older ? *age->seconds < limit : *age->seconds > limit;
            decide(index, matches, [&] {
                return fmt::format("{} ({}), {}{} than {} {}",
                                   format_age(now - *age->seconds),
                                   age->origin,
                                   matches ? "" : "not ",
                                   options_.text("direction"),
                                   count,
                                   options_.text("unit"));
            });
        }
        if (without_count > 0 && filter_.exclude) {
            result_.warnings.push_back(
                fmt::format("{} indices without a count in their names are left alone; Curator "
                            "acts on them",
                            without_count));
        }
    }

    static std::optional<std::int64_t> count_in_name(const std::optional<Regex>& pattern,
                                                     const std::string& name) {
        constexpr std::int64_t most = 1'000'000'000;
        if (!pattern) {
            return std::nullopt;
        }
        const auto groups = pattern->find(name);
        if (groups.size() < 2 || !groups[1]) {
            return std::nullopt;
        }
        std::int64_t count = 0;
        const char* const end = groups[1]->data() + groups[1]->size();
        const auto parsed = std::from_chars(groups[1]->data(), end, count);
        const bool good = parsed.ec == std::errc{} && parsed.ptr == end && count != 0 &&
                          count <= most && count >= -most;
        return good ? std::optional(count) : std::nullopt;
    }

    void by_alias(const IndexNumbers& list) {
        const std::vector<std::string> names = options_.texts("aliases");
        const bool all_known = std::ranges::all_of(names, [&](const std::string& name) {
            return std::ranges::any_of(list, [&](std::uint32_t index) {
                return facts(index).find_alias(name) != nullptr;
            });
        });
        for (const std::uint32_t index : list) {
            const auto found = std::ranges::find_if(names, [&](const std::string& name) {
                return facts(index).find_alias(name) != nullptr;
            });
            decide(index, all_known && found != names.end(), [&] {
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
            const auto& allocation = facts(index).allocation;
            const auto found =
                std::ranges::find(allocation, key, &std::pair<std::string, std::string>::first);
            const bool is_set = found != allocation.end();
            decide(index, is_set && found->second == wanted, [&] {
                return fmt::format("{} is {}", key, is_set ? found->second : "not set");
            });
        }
    }

    void by_emptiness(const IndexNumbers& list) {
        for (const std::uint32_t index : list) {
            const IndexFacts& one = facts(index);
            if (!one.is_open || !one.docs) {
                drop(index, [] { return std::string("closed, so its documents are not counted"); });
            } else {
                decide(
                    index, *one.docs == 0, [&] { return fmt::format("{} documents", *one.docs); });
            }
        }
    }

    void by_segments(const IndexNumbers& list) {
        const std::int64_t most = options_.integer("max_num_segments");
        for (const std::uint32_t index : list) {
            const IndexFacts& one = facts(index);
            if (!one.is_open || !one.segments) {
                drop(index, [] { return std::string("closed, so its segments are not known"); });
                continue;
            }
            const std::int64_t copies =
                std::int64_t{one.shards} + std::int64_t{one.shards} * one.replicas;
            decide(index, *one.segments <= copies * most, [&] {
                return fmt::format("{} segments in {} copies of shards", *one.segments, copies);
            });
        }
    }

    void by_pattern(const IndexNumbers& list) {
        const Regex regex =
            compile_checked(pattern_expression(options_.text("kind"), options_.text("value")));
        each(
            list,
            [&](const IndexFacts& index) { return regex.search(index.name); },
            [](const IndexFacts&) { return std::string("its name"); });
    }

    void by_shards(const IndexNumbers& list) {
        const std::int64_t wanted = options_.integer("number_of_shards");
        const std::string behavior = options_.text("shard_filter_behavior");
        for (const std::uint32_t index : list) {
            const std::int64_t shards = facts(index).shards;
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
            decide(index, matches, [&] { return fmt::format("{} primary shards", shards); });
        }
    }

    void by_size(const IndexNumbers& list) {
        const double limit = options_.real("size_threshold") * gib;
        const bool greater = options_.text("threshold_behavior") == "greater_than";
        const bool total = options_.text("size_behavior") == "total";
        for (const std::uint32_t index : list) {
            const IndexFacts& one = facts(index);
            const auto bytes = total ? one.total_bytes : one.primary_bytes;
            if (!one.is_open || !bytes) {
                drop(index, [] { return std::string("closed, so its size is not known"); });
                continue;
            }
            const auto size = static_cast<double>(*bytes);
            decide(index, greater ? size > limit : size < limit, [&] { return format_gib(bytes); });
        }
    }

    void by_period(const IndexNumbers& list) {
        const AgeReader reader(options_);
        const TimeSpan span = period_span(options_, input_.now);
        const bool intersect = options_.flag("intersect");
        for (const std::uint32_t index : list) {
            const auto age = age_or_drop(reader, index);
            if (!age) {
                continue;
            }
            const bool matches = intersect && age->range
                                     ? age->range->from >= span.from && age->range->to <= span.to
                                     : *age->seconds >= span.from && *age->seconds <= span.to;
            decide(index, matches, [&] {
                const UnixSeconds from{std::chrono::seconds(span.from)};
                const UnixSeconds to{std::chrono::seconds(span.to)};
                return fmt::format("{}, {} {} to {}",
                                   age->origin,
                                   matches ? "within" : "not within",
                                   format_timestring("%Y-%m-%dT%H:%M:%SZ", from),
                                   format_timestring("%Y-%m-%dT%H:%M:%SZ", to));
            });
        }
    }

    struct Aged {
        std::uint32_t index = 0;
        std::int64_t age = 0;
    };

    /// In the order of `count` and `space` by age: the youngest first, or the other way round.
    std::vector<Aged> sort_by_age(const IndexNumbers& list, bool youngest_first) {
        const AgeReader reader(options_);
        std::vector<Aged> sorted;
        for (const std::uint32_t index : list) {
            if (!facts(index).is_open && !reader.is_by_name()) {
                drop(index, [] { return std::string("closed, so its age is not known"); });
                continue;
            }
            const auto age = age_or_drop(reader, index);
            if (age && *age->seconds == 0) {
                drop(index, [] { return std::string("its age is 0"); });
            } else if (age) {
                sorted.push_back({index, *age->seconds});
            }
        }
        std::ranges::sort(sorted, [&](const Aged& a, const Aged& b) {
            const bool less = std::pair(a.age, std::string_view(facts(a.index).name)) <
                              std::pair(b.age, std::string_view(facts(b.index).name));
            return youngest_first ? std::pair(b.age, std::string_view(facts(b.index).name)) <
                                        std::pair(a.age, std::string_view(facts(a.index).name))
                                  : less;
        });
        return sorted;
    }

    IndexNumbers sort(const IndexNumbers& list, bool descending) {
        IndexNumbers sorted = list;
        std::ranges::sort(sorted, [&](std::uint32_t a, std::uint32_t b) {
            return descending ? facts(b).name < facts(a).name : facts(a).name < facts(b).name;
        });
        return sorted;
    }

    /// The list in the order that a filter with `use_age` and `reverse` means.
    IndexNumbers ordered(const IndexNumbers& list, bool youngest_first) {
        if (!options_.flag("use_age")) {
            return sort(list, youngest_first);
        }
        IndexNumbers sorted;
        for (const Aged& aged : sort_by_age(list, youngest_first)) {
            sorted.push_back(aged.index);
        }
        return sorted;
    }

    void by_count(const IndexNumbers& list) {
        std::optional<Regex> pattern;
        if (options_.is_given("pattern")) {
            pattern = compile_checked(
                fmt::format("\\A(?:{})", from_python_regex(options_.text("pattern"))));
            if (options_.is_given("exclude") && !filter_.exclude) {
                result_.warnings.emplace_back(
                    "count with a pattern and exclude: false acts on the counted ones, as written; "
                    "Curator acts on the others where any name does not match the pattern");
            }
        }
        std::map<std::string, std::int64_t> groups;
        const std::int64_t wanted = options_.integer("count");
        for (const std::uint32_t index : ordered(list, options_.flag("reverse"))) {
            std::string group;
            if (pattern) {
                const auto found = pattern->find(facts(index).name);
                if (found.size() < 2 || !found[1]) {
                    drop(index, [] { return std::string("of no group by the pattern"); });
                    continue;
                }
                group = *found[1];
            }
            const std::int64_t place = ++groups[group];
            decide(index, place <= wanted, [&] {
                return fmt::format("number {}{}{}",
                                   place,
                                   pattern ? fmt::format(" of '{}'", group) : std::string(),
                                   place <= wanted ? "" : fmt::format(", beyond {}", wanted));
            });
        }
        std::ranges::sort(result_.indices);
    }

    void by_space(const IndexNumbers& list) {
        IndexNumbers open;
        for (const std::uint32_t index : list) {
            if (facts(index).is_open && facts(index).total_bytes) {
                open.push_back(index);
            } else {
                drop(index, [] { return std::string("closed, so its size is not known"); });
            }
        }
        const bool by_age = options_.flag("use_age");
        const bool greater = options_.text("threshold_behavior") == "greater_than";
        const double limit = options_.real("disk_space") * gib;
        double sum = 0;
        for (const std::uint32_t index : ordered(open, by_age || options_.flag("reverse"))) {
            sum += static_cast<double>(*facts(index).total_bytes);
            decide(index, greater ? sum > limit : sum < limit, [&] {
                return fmt::format("{:.1f} GiB with it and those before it", sum / gib);
            });
        }
        std::ranges::sort(result_.indices);
    }

    const FilterSpec& filter_;
    const CheckedOptions& options_;
    const FilterInput& input_;
    FilteredList result_{};
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
