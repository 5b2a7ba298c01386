// SPDX-License-Identifier: Apache-2.0
// The filters that put the list into an order: count and space.
#include "jobs/rotate/filter_decisions.hpp"
#include "jobs/rotate/pattern_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

namespace caretaker {

namespace {

struct Aged {
    std::uint32_t index = 0;
    std::int64_t age = 0;
};

/// In the order of `count` and `space` by age: the youngest first, or the other way round.
std::vector<Aged> sort_by_age(FilterDecisions& decisions,
                              const IndexNumbers& list,
                              bool youngest_first) {
    const AgeReader reader(decisions.options());
    std::vector<Aged> sorted;
    for (const std::uint32_t index : list) {
        if (!decisions.facts(index).is_open && !reader.is_by_name()) {
            decisions.drop(index, [] { return std::string("closed, so its age is not known"); });
            continue;
        }
        const auto age = decisions.age_or_drop(reader, index);
        if (age && *age->seconds == 0) {
            decisions.drop(index, [] { return std::string("its age is 0"); });
        } else if (age) {
            sorted.push_back({index, *age->seconds});
        }
    }
    std::ranges::sort(sorted, [&](const Aged& a, const Aged& b) {
        const bool less = std::pair(a.age, std::string_view(decisions.facts(a.index).name)) <
                          std::pair(b.age, std::string_view(decisions.facts(b.index).name));
        return youngest_first
                   ? std::pair(b.age, std::string_view(decisions.facts(b.index).name)) <
                         std::pair(a.age, std::string_view(decisions.facts(a.index).name))
                   : less;
    });
    return sorted;
}

IndexNumbers sort_by_name(const FilterDecisions& decisions,
                          const IndexNumbers& list,
                          bool descending) {
    IndexNumbers sorted = list;
    std::ranges::sort(sorted, [&](std::uint32_t a, std::uint32_t b) {
        return descending ? decisions.facts(b).name < decisions.facts(a).name
                          : decisions.facts(a).name < decisions.facts(b).name;
    });
    return sorted;
}

/// The list in the order that a filter with `use_age` and `reverse` means.
IndexNumbers ordered(FilterDecisions& decisions, const IndexNumbers& list, bool youngest_first) {
    if (!decisions.options().flag("use_age")) {
        return sort_by_name(decisions, list, youngest_first);
    }
    IndexNumbers sorted;
    for (const Aged& aged : sort_by_age(decisions, list, youngest_first)) {
        sorted.push_back(aged.index);
    }
    return sorted;
}

}  // namespace

void filter_by_count(FilterDecisions& decisions, const IndexNumbers& list) {
    std::optional<Regex> pattern;
    if (decisions.options().is_given("pattern")) {
        pattern = compile_checked(
            fmt::format("\\A(?:{})", from_python_regex(decisions.options().text("pattern"))));
        if (decisions.options().is_given("exclude") && !decisions.filter().exclude) {
            decisions.warn(
                "count with a pattern and exclude: false acts on the counted ones, as written; "
                "Curator acts on the others where any name does not match the pattern");
        }
    }
    std::map<std::string, std::int64_t> groups;
    const std::int64_t wanted = decisions.options().integer("count");
    for (const std::uint32_t index :
         ordered(decisions, list, decisions.options().flag("reverse"))) {
        std::string group;
        if (pattern) {
            const auto found = pattern->find(decisions.facts(index).name);
            if (found.size() < 2 || !found[1]) {
                decisions.drop(index, [] { return std::string("of no group by the pattern"); });
                continue;
            }
            group = *found[1];
        }
        const std::int64_t place = ++groups[group];
        decisions.decide(index, place <= wanted, [&] {
            return fmt::format("number {}{}{}",
                               place,
                               pattern ? fmt::format(" of '{}'", group) : std::string(),
                               place <= wanted ? "" : fmt::format(", beyond {}", wanted));
        });
    }
}

void filter_by_space(FilterDecisions& decisions, const IndexNumbers& list) {
    IndexNumbers open;
    for (const std::uint32_t index : list) {
        if (decisions.facts(index).is_open && decisions.facts(index).total_bytes) {
            open.push_back(index);
        } else {
            decisions.drop(index, [] { return std::string("closed, so its size is not known"); });
        }
    }
    const bool by_age = decisions.options().flag("use_age");
    const bool greater = decisions.options().text("threshold_behavior") == "greater_than";
    const double limit = decisions.options().real("disk_space") * bytes_per_gib;
    double sum = 0;
    for (const std::uint32_t index :
         ordered(decisions, open, by_age || decisions.options().flag("reverse"))) {
        sum += static_cast<double>(*decisions.facts(index).total_bytes);
        decisions.decide(index, greater ? sum > limit : sum < limit, [&] {
            return fmt::format("{:.1f} GiB with it and those before it", sum / bytes_per_gib);
        });
    }
}

}  // namespace caretaker
