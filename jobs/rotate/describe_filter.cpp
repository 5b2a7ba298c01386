// SPDX-License-Identifier: Apache-2.0
// Filters in words.
#include "jobs/rotate/filter_schema.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

std::string describe_source(const CheckedOptions& options) {
    const std::string source_word = options.text("source");
    if (source_word == "name") {
        return fmt::format("by the date {} in the name", options.text("timestring"));
    }
    if (source_word == "field_stats") {
        return fmt::format("by the {} of {}",
                           options.text("stats_result") == "max_value" ? "newest" : "oldest",
                           options.text("field"));
    }
    return "by the date of creation";
}

}  // namespace

std::string describe_filter(const FilterSpec& filter) {
    const CheckedOptions& options = filter.options;
    const std::string name(to_string(filter.type));
    const std::string without = filter.exclude ? "not " : "";
    switch (filter.type) {
        case FilterType::age:
            return fmt::format("{}{} than {} {} {}",
                               without,
                               options.text("direction"),
                               options.integer("unit_count"),
                               options.text("unit"),
                               describe_source(options));
        case FilterType::alias:
            return fmt::format(
                "{}behind the alias {}", without, fmt::join(options.texts("aliases"), ", "));
        case FilterType::allocated:
            return fmt::format("{}allocated by {}.{} = {}",
                               without,
                               options.text("allocation_type"),
                               options.text("key"),
                               options.text("value"));
        case FilterType::closed:
            return without + "closed";
        case FilterType::opened:
            return without + "open";
        case FilterType::count:
            return fmt::format("{}among the {} {} {}{}",
                               without,
                               options.flag("reverse") ? "last" : "first",
                               options.integer("count"),
                               options.flag("use_age") ? describe_source(options) : "by name",
                               options.has("pattern")
                                   ? fmt::format(" of each {}", options.text("pattern"))
                                   : std::string());
        case FilterType::empty:
            return without + "empty";
        case FilterType::forcemerged:
            return fmt::format(
                "{}merged to {} segments a shard", without, options.integer("max_num_segments"));
        case FilterType::ilm:
            return without + "managed by a lifecycle policy";
        case FilterType::kibana:
            return without + "one of Kibana's own";
        case FilterType::none:
            return "any";
        case FilterType::pattern:
            return fmt::format(
                "name {}of {} '{}'", without, options.text("kind"), options.text("value"));
        case FilterType::period:
            return options.text("period_type") == "relative"
                       ? fmt::format("{}within {} to {} {} {}",
                                     without,
                                     options.integer("range_from"),
                                     options.integer("range_to"),
                                     options.text("unit"),
                                     describe_source(options))
                       : fmt::format("{}within {} to {} {}",
                                     without,
                                     options.text("date_from"),
                                     options.text("date_to"),
                                     describe_source(options));
        case FilterType::shards:
            return fmt::format("{}number of shards {} {}",
                               without,
                               options.text("shard_filter_behavior"),
                               options.integer("number_of_shards"));
        case FilterType::size:
            return fmt::format("{}{} size {} {:g} GiB",
                               without,
                               options.text("size_behavior"),
                               options.text("threshold_behavior"),
                               options.real("size_threshold"));
        case FilterType::space:
            return fmt::format("{}beyond {:g} GiB in all{}",
                               without,
                               options.real("disk_space"),
                               options.flag("use_age") ? ", youngest first" : "");
        case FilterType::state:
            break;
    }
    return fmt::format("{}in state {}", without, options.text("state"));
}

}  // namespace caretaker
