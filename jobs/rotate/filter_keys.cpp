// SPDX-License-Identifier: Apache-2.0
// What is accepted is the union of Curator 4 to 9; defaults are those of their schemas.
#include "jobs/rotate/filter_keys.hpp"

#include <array>

namespace caretaker {

namespace {

constexpr std::string_view units = "seconds|minutes|hours|days|weeks|months|years";
constexpr std::string_view source_words = "name|creation_date|field_stats";
constexpr std::string_view behaviors = "greater_than|less_than";
constexpr double most_units = 1e9;
constexpr std::string_view weekdays = "sunday|Sunday|SUNDAY|monday|Monday|MONDAY";

constexpr OptionSpec exclude_false{.name = "exclude", .type = OptionType::flag};
constexpr OptionSpec exclude_true{.name = "exclude", .type = OptionType::flag, .fallback = "true"};
constexpr OptionSpec source{.name = "source", .type = OptionType::choice, .choices = source_words};
constexpr OptionSpec required_source{
    .name = "source", .type = OptionType::choice, .required = true, .choices = source_words};
constexpr OptionSpec timestring{.name = "timestring"};
constexpr OptionSpec field{.name = "field"};
constexpr OptionSpec stats_result{.name = "stats_result",
                                  .type = OptionType::choice,
                                  .fallback = "min_value",
                                  .choices = "min_value|max_value"};
constexpr OptionSpec epoch{.name = "epoch", .type = OptionType::integer};
constexpr OptionSpec unit{
    .name = "unit", .type = OptionType::choice, .required = true, .choices = units};
constexpr OptionSpec use_age{.name = "use_age", .type = OptionType::flag};
constexpr OptionSpec reverse{.name = "reverse", .type = OptionType::flag, .fallback = "true"};

constexpr std::array age_keys{
    required_source,
    OptionSpec{.name = "direction",
               .type = OptionType::choice,
               .required = true,
               .choices = "older|younger"},
    unit,
    OptionSpec{.name = "unit_count",
               .type = OptionType::integer,
               .required = true,
               .min = -most_units,
               .max = most_units},
    OptionSpec{.name = "unit_count_pattern"},
    timestring,
    field,
    stats_result,
    epoch,
    exclude_false,
};

constexpr std::array alias_keys{
    OptionSpec{.name = "aliases", .type = OptionType::texts, .required = true},
    exclude_false,
};

constexpr std::array allocated_keys{
    OptionSpec{.name = "key", .required = true},
    OptionSpec{.name = "value", .required = true},
    OptionSpec{.name = "allocation_type",
               .type = OptionType::choice,
               .fallback = "require",
               .choices = "require|include|exclude"},
    exclude_true,
};

constexpr std::array count_keys{
    OptionSpec{.name = "count", .type = OptionType::integer, .required = true, .min = 1},
    OptionSpec{.name = "pattern"},
    reverse,
    use_age,
    source,
    timestring,
    field,
    stats_result,
    exclude_true,
};

constexpr std::array forcemerged_keys{
    OptionSpec{.name = "max_num_segments", .type = OptionType::integer, .required = true, .min = 1},
    exclude_true,
};

constexpr std::array pattern_keys{
    OptionSpec{.name = "kind",
               .type = OptionType::choice,
               .required = true,
               .choices = "prefix|suffix|timestring|regex"},
    OptionSpec{.name = "value", .required = true},
    exclude_false,
};

constexpr std::array period_keys{
    required_source,
    unit,
    OptionSpec{.name = "period_type",
               .type = OptionType::choice,
               .fallback = "relative",
               .choices = "relative|absolute"},
    OptionSpec{.name = "range_from", .type = OptionType::integer},
    OptionSpec{.name = "range_to", .type = OptionType::integer},
    OptionSpec{.name = "date_from"},
    OptionSpec{.name = "date_to"},
    OptionSpec{.name = "date_from_format"},
    OptionSpec{.name = "date_to_format"},
    OptionSpec{.name = "week_starts_on",
               .type = OptionType::choice,
               .fallback = "sunday",
               .choices = weekdays},
    OptionSpec{.name = "intersect", .type = OptionType::flag},
    timestring,
    field,
    stats_result,
    epoch,
    exclude_false,
};

constexpr std::array shards_keys{
    OptionSpec{.name = "number_of_shards", .type = OptionType::integer, .required = true, .min = 1},
    OptionSpec{.name = "shard_filter_behavior",
               .type = OptionType::choice,
               .fallback = "greater_than",
               .choices = "greater_than|less_than|greater_than_or_equal|less_than_or_equal|equal"},
    exclude_false,
};

constexpr std::array size_keys{
    OptionSpec{.name = "size_threshold", .type = OptionType::real, .required = true, .min = 0},
    OptionSpec{.name = "threshold_behavior",
               .type = OptionType::choice,
               .fallback = "greater_than",
               .choices = behaviors},
    OptionSpec{.name = "size_behavior",
               .type = OptionType::choice,
               .fallback = "primary",
               .choices = "primary|total"},
    exclude_false,
};

constexpr std::array space_keys{
    OptionSpec{.name = "disk_space", .type = OptionType::real, .required = true, .min = 0},
    reverse,
    use_age,
    OptionSpec{.name = "threshold_behavior",
               .type = OptionType::choice,
               .fallback = "greater_than",
               .choices = behaviors},
    source,
    timestring,
    field,
    stats_result,
    exclude_false,
};

constexpr std::array state_keys{
    OptionSpec{.name = "state",
               .type = OptionType::choice,
               .fallback = "SUCCESS",
               .choices = "SUCCESS|PARTIAL|FAILED|IN_PROGRESS"},
    exclude_false,
};

constexpr std::array only_exclude_false{exclude_false};
constexpr std::array only_exclude_true{exclude_true};

}  // namespace

std::span<const OptionSpec> filter_keys(FilterType type) {
    switch (type) {
        case FilterType::age:
            return age_keys;
        case FilterType::alias:
            return alias_keys;
        case FilterType::allocated:
            return allocated_keys;
        case FilterType::count:
            return count_keys;
        case FilterType::empty:
            return only_exclude_false;
        case FilterType::forcemerged:
            return forcemerged_keys;
        case FilterType::closed:
        case FilterType::ilm:
        case FilterType::kibana:
        case FilterType::opened:
            return only_exclude_true;
        case FilterType::none:
            return {};
        case FilterType::pattern:
            return pattern_keys;
        case FilterType::period:
            return period_keys;
        case FilterType::shards:
            return shards_keys;
        case FilterType::size:
            return size_keys;
        case FilterType::space:
            return space_keys;
        case FilterType::state:
            break;
    }
    return state_keys;
}

}  // namespace caretaker
