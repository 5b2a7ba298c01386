// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/filter_schema.hpp"

#include "common/text/edit_distance.hpp"
#include "common/text/regex.hpp"
#include "jobs/rotate/filter_keys.hpp"
#include "jobs/rotate/pattern_expression.hpp"
#include "jobs/rotate/timestring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 17> names{"age",
                                                 "alias",
                                                 "allocated",
                                                 "closed",
                                                 "count",
                                                 "empty",
                                                 "forcemerged",
                                                 "ilm",
                                                 "kibana",
                                                 "none",
                                                 "opened",
                                                 "pattern",
                                                 "period",
                                                 "shards",
                                                 "size",
                                                 "space",
                                                 "state"};

bool fits_list(FilterType type, ListKind list) {
    switch (type) {
        case FilterType::age:
        case FilterType::count:
        case FilterType::none:
        case FilterType::pattern:
        case FilterType::period:
            return true;
        case FilterType::state:
            return list == ListKind::snapshots;
        default:
            return list == ListKind::indices;
    }
}

std::optional<FilterType> find_type(std::string_view name) {
    const auto* found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<FilterType>(found - names.begin()));
}

/// What depends on more than one key.
class FilterRules {
 public:
    FilterRules(const FilterSpec& filter,
                ListKind list,
                const std::string& owner,
                OptionChecker& checker)
        : filter_(filter),
          options_(filter.options),
          list_(list),
          owner_(owner),
          checker_(checker) {}

    void check() {
        const bool uses_age = filter_.type == FilterType::age ||
                              filter_.type == FilterType::period || options_.flag("use_age");
        if (uses_age) {
            check_age_elements();
        }
        switch (filter_.type) {
            case FilterType::age:
                if (list_ == ListKind::snapshots && options_.is_given("unit_count_pattern")) {
                    complain("unit_count_pattern", "unit_count_pattern is for indices only");
                }
                break;
            case FilterType::count:
                if (options_.is_given("pattern")) {
                    check_count_pattern();
                }
                break;
            case FilterType::pattern:
                check_pattern();
                break;
            case FilterType::period:
                check_period();
                break;
            case FilterType::shards:
                if (options_.integer("number_of_shards") == 1 &&
                    options_.text("shard_filter_behavior") == "less_than") {
                    complain("number_of_shards", "no index has less than 1 shard");
                }
                break;
            case FilterType::size:
                check_above_zero("size_threshold");
                break;
            case FilterType::space:
                check_above_zero("disk_space");
                break;
            default:
                break;
        }
    }

 private:
    void complain(std::string_view key, const std::string& message) {
        const TextPosition at = options_.position(key);
        checker_.complain(at.line == 0 ? filter_.at : at, fmt::format("{}: {}", owner_, message));
    }

    void check_above_zero(std::string_view key) {
        if (options_.is_given(key) && options_.real(key) == 0) {
            complain(key, fmt::format("{} must be more than 0", key));
        }
    }

    void check_age_elements() {
        const std::string from = options_.text("source");
        if (from.empty()) {
            complain("use_age", "use_age needs a source");
            return;
        }
        if (list_ == ListKind::snapshots) {
            for (const std::string_view key : {"field", "stats_result", "intersect"}) {
                if (options_.is_given(key)) {
                    complain(key, fmt::format("{} is for indices only", key));
                }
            }
            if (from == "field_stats") {
                complain("source", "snapshots have no fields; take name or creation_date");
            }
        } else if (from == "field_stats" && !options_.is_given("field")) {
            complain("source", "the source field_stats needs a field");
        } else if (from == "name" && options_.is_given("field")) {
            complain("field", "a field is of no use with the source name");
        }
        if (from == "name") {
            check_timestring();
        }
    }

    void check_timestring() {
        if (!options_.is_given("timestring")) {
            complain("source", "the source name needs a timestring, such as '%Y.%m.%d'");
            return;
        }
        const TimestringResult result = Timestring::compile(options_.text("timestring"));
        if (!result.timestring) {
            complain("timestring", result.error);
        } else if (const std::string error = result.timestring->date_error(); !error.empty()) {
            complain("timestring", error);
        }
    }

    std::optional<Regex> check_regex(std::string_view key, const std::string& text) {
        RegexResult result = Regex::compile(from_python_regex(text));
        if (!result.regex) {
            complain(key,
                     fmt::format("{} '{}' is no regular expression: {} (at byte {})",
                                 key,
                                 text,
                                 result.error,
                                 result.offset));
        }
        return result.regex;
    }

    void check_count_pattern() {
        const auto regex = check_regex("pattern", options_.text("pattern"));
        if (regex && regex->group_count() != 1) {
            complain("pattern",
                     fmt::format("pattern must have one group in parentheses, which tells what is "
                                 "counted together, and has {}",
                                 regex->group_count()));
        }
    }

    void check_pattern() {
        const std::string value = options_.text("value");
        const bool is_wrong = options_.position("value").line == 0 || !options_.is_given("kind");
        if (is_wrong) {
            return;  // complained of
        }
        if (value.empty()) {
            complain("value", "value must not be empty");
            return;
        }
        check_regex("value", pattern_expression(options_.text("kind"), value));
    }

    void check_period() {
        if (options_.text("period_type") == "relative") {
            for (const std::string_view key : {"range_from", "range_to"}) {
                if (!options_.is_given(key)) {
                    complain("unit", fmt::format("a relative period needs {}", key));
                }
            }
            const std::string unit_word = options_.text("unit");
            if (unit_word == "seconds" || unit_word == "minutes") {
                complain("unit", "a relative period takes hours, days, weeks, months or years");
            }
            if (options_.is_given("range_from") && options_.is_given("range_to") &&
                options_.integer("range_to") < options_.integer("range_from")) {
                complain("range_to", "range_to must not be less than range_from");
            }
            const std::int64_t most = unit_word == "hours" ? 1'000'000 : 10'000;
            for (const std::string_view key : {"range_from", "range_to"}) {
                if (options_.integer(key) > most || options_.integer(key) < -most) {
                    complain(key, fmt::format("{} must be from -{} to {}", key, most, most));
                }
            }
        } else {
            check_absolute_period("date_from", "date_from_format");
            check_absolute_period("date_to", "date_to_format");
        }
    }

    void check_absolute_period(std::string_view date, std::string_view format) {
        for (const std::string_view key : {date, format}) {
            if (!options_.is_given(key)) {
                complain("unit", fmt::format("an absolute period needs {}", key));
                return;
            }
        }
        if (!parse_whole_date(options_.text(date), options_.text(format))) {
            complain(date,
                     fmt::format("{} '{}' is no date of the form '{}'",
                                 date,
                                 options_.text(date),
                                 options_.text(format)));
        }
    }

    const FilterSpec& filter_;
    const CheckedOptions& options_;
    ListKind list_;
    const std::string& owner_;
    OptionChecker& checker_;
};

}  // namespace

std::string_view to_string(FilterType type) {
    return names.at(static_cast<std::size_t>(type));
}

std::optional<FilterSpec> read_filter(const CuratorValue& value,
                                      ListKind list,
                                      std::size_t number,
                                      OptionChecker& checker) {
    if (value.type != CuratorType::map) {
        checker.complain(
            value.at,
            fmt::format("filter {} must be a map, not {}", number, describe_type(value.type)));
        return std::nullopt;
    }
    const CuratorValue* word = value.find("filtertype");
    if (word == nullptr || word->type != CuratorType::text) {
        checker.complain(word == nullptr ? value.at : word->at,
                         fmt::format("filter {} needs a filtertype", number));
        return std::nullopt;
    }
    const auto type = find_type(word->text);
    if (!type || !fits_list(*type, list)) {
        std::vector<std::string_view> candidates;
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (fits_list(static_cast<FilterType>(i), list)) {
                candidates.push_back(names.at(i));
            }
        }
        const auto near = nearest_name(word->text, candidates);
        checker.complain(
            word->at,
            fmt::format("'{}' is no filter of {}; {}",
                        word->text,
                        list == ListKind::indices ? "indices" : "snapshots",
                        near ? fmt::format("did you mean '{}'?", *near)
                             : fmt::format("there are {}", fmt::join(candidates, ", "))));
        return std::nullopt;
    }
    constexpr std::array<std::string_view, 1> handled{"filtertype"};
    const std::string owner = fmt::format("filter {} ({})", number, to_string(*type));
    FilterSpec filter{.type = *type, .at = value.at};
    filter.options = checker.check(&value, filter_keys(*type), handled, owner, value.at);
    filter.exclude = filter.options.flag("exclude");
    FilterRules(filter, list, owner, checker).check();
    return filter;
}

}  // namespace caretaker
