// SPDX-License-Identifier: Apache-2.0
// Action files as Curator reads them, and what is said of wrong ones.
#include "jobs/rotate/action_file.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

std::optional<std::string> variable(std::string_view name) {
    static const std::map<std::string, std::string, std::less<>> variables{
        {"DAYS", "30"}, {"EMPTY", ""}, {"KEY", "unit"}, {"URL", "http://a:9200"}};
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
}

ActionFile read(std::string_view text) {
    return read_action_file(text, "actions.yml", variable);
}

std::string problems(std::string_view text) {
    std::string all;
    for (const ConfigProblem& problem : read(text).problems) {
        all += format_problem(problem) + "\n";
    }
    return all;
}

/// One action delete_indices with this filter.
std::string with_filter(std::string_view filter) {
    return "actions:\n  1:\n    action: delete_indices\n    filters:\n    - {filtertype: " +
           std::string(filter) + "}\n";
}

/// The value that a plain scalar has, as JSON.
std::string json_of(const std::string& scalar) {
    const CuratorDocument document = read_curator_yaml("v: " + scalar + "\n", "file", variable);
    if (!document.problems.empty()) {
        return document.problems.front().message;
    }
    const CuratorValue* value = document.root->find("v");
    return value->type == CuratorType::date ? "date" : to_json(*value);
}

constexpr std::string_view usual = R"(---
actions:
  2:
    action: delete_indices
    description: old logs
    options: {ignore_empty_list: True, timeout_override: '300', continue_if_exception: no}
    filters:
    - filtertype: pattern
      kind: prefix
      value: logstash-
      exclude:
    - filtertype: age
      source: name
      direction: older
      timestring: '%Y.%m.%d'
      unit: days
      unit_count: ${DAYS}
  10:
    action: alias
    options:
      name: last_week
      warn_if_no_indices: True
    add:
      filters: [{filtertype: none}]
    remove:
      filters: [{filtertype: none}]
  1:
    action: forcemerge
    options: {max_num_segments: 2, delay: '1.5', disable_action: True}
    filters: [{filtertype: forcemerged, max_num_segments: 2, exclude: }]
)";

TEST(ActionFile, IsReadInTheOrderOfItsIds) {
    const ActionFile file = read(usual);
    EXPECT_EQ(problems(usual), "");
    ASSERT_EQ(file.actions.size(), 3U);
    EXPECT_EQ(file.actions[0].type, ActionType::forcemerge);
    EXPECT_EQ(file.actions[0].options.real("delay"), 1.5);
    EXPECT_TRUE(file.actions[0].filters[0].exclude);
    const ActionSpec& old = file.actions[1];
    EXPECT_EQ(old.id, "2");
    EXPECT_EQ(old.description, "old logs");
    EXPECT_TRUE(old.options.flag("ignore_empty_list"));
    EXPECT_FALSE(old.options.flag("continue_if_exception"));
    EXPECT_EQ(old.options.integer("timeout_override"), 300);
    EXPECT_EQ(old.options.text("search_pattern"), "*");
    ASSERT_EQ(old.filters.size(), 2U);
    EXPECT_EQ(old.filters[1].options.integer("unit_count"), 30);
    EXPECT_EQ(describe_filter(old.filters[1]),
              "older than 30 days by the date %Y.%m.%d in the name");
    EXPECT_TRUE(file.actions[2].has_add);
    EXPECT_TRUE(file.actions[2].has_remove);
}

TEST(ActionFile, MayHoldNothingToDo) {
    EXPECT_EQ(problems("actions: {}\n"), "");
    EXPECT_TRUE(read("actions: {}\n").actions.empty());
}

TEST(ActionFile, SaysWhatIsWrongAndWhere) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "an action file is a map with the one key 'actions'"},
        {"actions:\n", "'actions' must be a map"},
        {"actions: {}\nextra: 1\n", "actions.yml:2:1: unknown key 'extra'"},
        {"actions: {1: {action: delete_indexes, filters: []}}\n",
         "'delete_indexes' is no action; did you mean 'delete_indices'?"},
        {"actions: {1: {filters: []}}\n", "action 1 needs the key 'action'"},
        {"actions: {1: 5}\n", "action 1 must be a map"},
        {"actions: {1: {action: open}}\n", "action 1 needs a list of filters"},
        {"actions: {1: {action: open, filters: {}}}\n", "needs a list of filters"},
        {"actions: {1: {action: open, filters: [1]}}\n", "filter 1 must be a map, not a number"},
        {"actions: {1: {action: open, filters: [{}]}}\n", "filter 1 needs a filtertype"},
        {"actions: {1: {action: open, filter: []}}\n",
         "an action does not know the key 'filter'; did you mean 'filters'?"},
        {"actions: {1: {action: open, options: , filters: []}}\n", "options must be a map"},
        {"actions: {1: {action: open, options: {ignore_empty: yes}, filters: []}}\n",
         "the action open does not know the key 'ignore_empty'"},
        {"actions: {1: {action: open, options: {name: x}, filters: []}}\n",
         "does not know the key 'name'"},
        {"actions: {1: {action: create_index, options: {name: x}, filters: []}}\n",
         "the action create_index takes no filters"},
        {"actions: {1: {action: create_index}}\n", "needs the key 'name'"},
        {"actions: {1: {action: alias, options: {name: x}}}\n", "needs add or remove"},
        {"actions: {1: {action: open, add: {filters: []}, filters: []}}\n",
         "'add' is for the action alias"},
        {"actions: {1: {action: open, filters: []}, a: {action: open, filters: []}}\n",
         "some ids are numbers and others are words"},
        {"actions: {1: {action: replicas, options: {count: 11}, filters: []}}\n",
         "count must be from 0 to 10, not 11"},
        {"actions: {1: {action: replicas, options: {count: many}, filters: []}}\n",
         "count takes a whole number, not 'many'"},
        {"actions: {1: {action: delete_snapshots, options: {repository: 5}, filters: []}}\n",
         "repository takes a text, not '5'; put it between quotes"},
        {"actions: {1: {action: delete_snapshots, options: {repository: r}, filters: "
         "[{filtertype: opened}]}}\n",
         "'opened' is no filter of snapshots"},
        {"actions: {1: {action: open, filters: [{filtertype: state}]}}\n",
         "'state' is no filter of indices"},
        {"actions: {1: {action: rollover, options: {name: x, conditions: {max_dox: 1}}}}\n",
         "conditions does not know the key 'max_dox'; did you mean 'max_docs'?"},
        {"actions: {1: {action: rollover, options: {name: x, conditions: {max_age: 7}}}}\n",
         "max_age takes a text, not '7'; put it between quotes"},
        {"actions: {1: {action: rollover, options: {name: x, conditions: {max_docs: abc}}}}\n",
         "max_docs takes a whole number, not 'abc'"},
        {"actions: {1: {action: rollover, options: {name: x, conditions: {max_size: [5gb]}}}}\n",
         "max_size takes a text, not a list"},
        {"actions: {1: {action: index_settings, options: {index_settings: {a: 1}}, filters: []}}\n",
         "index_settings must be a map with the one key 'index'"},
        {"actions: {1: {action: open, filters: [], filters: []}}\n",
         "the key 'filters' stands twice"},
        {"actions: !!map {}\n", "tags such as !!str are not taken"},
        {"actions: {}\n---\nactions: {}\n", "a second document"},
    };
    for (const auto& [text, message] : cases) {
        EXPECT_NE(problems(text).find(message), std::string::npos) << text << problems(text);
        EXPECT_NE(problems(text), "") << text;
    }
}

TEST(ActionFile, ChecksFilters) {
    const std::string age = "age, source: name, direction: older, unit: days, unit_count: 3";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"age", "filter 1 (age) needs the key 'source'"},
        {age, "the source name needs a timestring"},
        {age + ", timestring: '%Y.%m', field: x", "a field is of no use with the source name"},
        {age + ", timestring: '%Y('", "makes no regular expression"},
        {age + ", timestring: '%Y.%V'", "has one of %G and %V"},
        {age + ", timestring: '%Y', exclude: 1", "exclude takes true or false, not '1'"},
        {age + ", timestring: 2017.01", "timestring takes a text, not '2017.01'; put it between"},
        {"age, source: field_stats, direction: older, unit: days, unit_count: 3",
         "the source field_stats needs a field"},
        {"age, source: creation_date, direction: old, unit: days, unit_count: 3",
         "direction takes older|younger, not 'old'"},
        {"age, source: creation_date, direction: older, unit: days, unit_count: '3.7'",
         "unit_count takes a whole number"},
        {"count, count: 0", "count must be 1 or more, not 0"},
        {"count, count: 1, pattern: 'a'", "must have one group"},
        {"count, count: 1, pattern: '(a'", "is no regular expression"},
        {"count, count: 1, use_age: true", "use_age needs a source"},
        {"pattern, kind: prefix, value: 2017", "put it between quotes"},
        {"pattern, kind: prefix, value: 2017-01-01", "put it between quotes"},
        {"pattern, kind: prefix, value: ''", "value must not be empty"},
        {"pattern, kind: regex, value: '('", "is no regular expression"},
        {"pattern, kind: glob, value: x", "kind takes prefix|suffix|timestring|regex"},
        {"period, source: creation_date, unit: days", "a relative period needs range_from"},
        {"period, source: creation_date, unit: days, range_from: 0, range_to: -1",
         "range_to must not be less than range_from"},
        {"period, source: creation_date, unit: seconds, range_from: 0, range_to: 1",
         "takes hours, days, weeks, months or years"},
        {"period, source: creation_date, unit: days, period_type: absolute",
         "an absolute period needs date_from"},
        {"period, source: creation_date, unit: days, period_type: absolute, date_from: '2017', "
         "date_from_format: '%Y', date_to: '2017.13', date_to_format: '%Y.%m'",
         "date_to '2017.13' is no date of the form '%Y.%m'"},
        {"shards, number_of_shards: 1, shard_filter_behavior: less_than", "less than 1 shard"},
        {"size, size_threshold: 0", "size_threshold must be more than 0"},
        {"space, disk_space: .nan", "disk_space takes a number, not '.nan'"},
        {"none, exclude: true", "filter 1 (none) does not know the key 'exclude'"},
        {"opend", "did you mean 'opened'?"},
    };
    for (const auto& [filter, message] : cases) {
        const std::string text = with_filter(filter);
        EXPECT_NE(problems(text).find(message), std::string::npos) << filter << "\n"
                                                                   << problems(text);
    }
}

TEST(ActionFile, TakesWhatCuratorTakes) {
    for (const char* filter :
         {"age, source: creation_date, direction: older, unit: days, unit_count: 3.7",
          "period, source: name, timestring: '%Y', unit: days, range_from: 0, range_to: 0, "
          "intersect: true",
          "age, source: creation_date, direction: older, unit: days, unit_count: '-3'",
          "age, source: field_stats, field: '@timestamp', direction: older, unit: days, "
          "unit_count: true, stats_result: max_value",
          "age, source: creation_date, direction: older, unit: days, unit_count: 1, epoch: None",
          "count, count: 5, use_age: 'ON', source: creation_date, pattern: '^(.*)-\\d+$'",
          "period, source: creation_date, unit: weeks, range_from: -1, range_to: 0, "
          "week_starts_on: MONDAY",
          "space, disk_space: '1.5', reverse: Off",
          "alias, aliases: [a, b], exclude: 'enable'",
          "alias, aliases: a",
          "pattern, kind: regex, value: '^(?!\\.)(?i)logs', exclude: ~"}) {
        EXPECT_EQ(problems(with_filter(filter)), "") << filter;
    }
}

TEST(CuratorYaml, ResolvesScalarsByYaml11) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"yes", "true"},
        {"Off", "false"},
        {"y", "\"y\""},
        {"010", "8"},
        {"0o10", "\"0o10\""},
        {"0x1F", "31"},
        {"0b11", "3"},
        {"1_000", "1000"},
        {"-5", "-5"},
        {"12:30:45", "45045"},
        {".5", "0.5"},
        {"1e3", "\"1e3\""},
        {"1.0e+3", "1000"},
        {"2017.01", "2017.01"},
        {"2017.01.01", "\"2017.01.01\""},
        {"2017-01-01", "date"},
        {"'010'", "\"010\""},
        {"~", "null"},
        {"Null", "null"},
        {"", "null"},
        {"089", "\"089\""},
        {"0b_", "\"0b_\""},
        {"${DAYS}", "\"30\""},
        {"${NOT_SET}", "null"},
        {"${NOT_SET:5}", "\"5\""},
        {"${NOT_SET:}", "\"\""},
        {"${EMPTY:5}", "\"\""},
        {"${NOT_SET:http://b:1}", "\"http://b:1\""},
        {"'${DAYS}'", "\"${DAYS}\""},
        {"a-${DAYS}", "\"a-${DAYS}\""},
        {"${DAYS}-a", "\"${DAYS}-a\""},
        {"${days}", "null"},
    };
    for (const auto& [scalar, json] : cases) {
        EXPECT_EQ(json_of(scalar), json) << scalar;
    }
}

TEST(CuratorYaml, ReplacesKeysToo) {
    const CuratorDocument document = read_curator_yaml("${KEY}: days\n", "file", variable);
    EXPECT_EQ(to_json(*document.root), R"({"unit":"days"})");
    EXPECT_FALSE(read_curator_yaml("${NOT_SET}: days\n", "file", variable).problems.empty());
}

TEST(CuratorYaml, MergesMaps) {
    const std::string text =
        "base: &base {kind: prefix, value: a}\nmerged:\n  <<: *base\n  value: b\n"
        "both:\n  <<: [{x: 1}, {x: 2, y: 3}]\n";
    const CuratorDocument document = read_curator_yaml(text, "file", variable);
    ASSERT_TRUE(document.problems.empty());
    EXPECT_EQ(to_json(*document.root->find("merged")), R"({"value":"b","kind":"prefix"})");
    EXPECT_EQ(to_json(*document.root->find("both")), R"({"x":1,"y":3})");
    EXPECT_FALSE(read_curator_yaml("a: {<<: 5}\n", "file", variable).problems.empty());
}

}  // namespace
}  // namespace caretaker
