// SPDX-License-Identifier: Apache-2.0
// How receivers of StatsD lines want the dimensions of a metric: as segments of its name, or as
// tags. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

enum class StatsdDialect {
    none,       // no tags: dimensions are segments of the name
    graphite,   // name;key=value:5|g, Graphite 1.1 and StatsD 0.9
    influx,     // name,key=value:5|g, Telegraf
    dogstatsd,  // name:5|g|#key:value, Datadog, StatsD 0.9
    librato,    // name#key=value:5|g
    signalfx,   // name[key=value]:5|g
};

/// The words of the setting statsd.dialect. Throws std::logic_error for another word: the key table
/// lets none through.
StatsdDialect parse_statsd_dialect(std::string_view word);

/// Bytes that a value of a tag keeps besides those of segments.
std::string_view kept_in_tag_values(StatsdDialect dialect);

/// What stands around ":5|g" in a line.
struct StatsdName {
    std::string front{};  // the name, with its tags where they belong to it
    std::string end{};    // after the type

    friend bool operator==(const StatsdName&, const StatsdName&) = default;
};

using StatsdTag = std::pair<std::string, std::string>;

/// A name and its cleaned tags in the dialect's form. `tags` is empty for `none`.
StatsdName format_statsd_name(StatsdDialect dialect,
                              std::string_view name,
                              std::span<const StatsdTag> tags);

}  // namespace caretaker
