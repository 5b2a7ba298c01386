// SPDX-License-Identifier: Apache-2.0
// Each filter over a small list: what stays, at its boundaries too.
#include "jobs/rotate/index_filters.hpp"

#include "jobs/rotate/action_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

constexpr std::int64_t gib = 1LL << 30;

UnixSeconds at(std::string_view text) {
    return parse_whole_date(text, "%Y-%m-%d %H:%M:%S").value();
}

std::int64_t ms(std::string_view text) {
    return at(text).time_since_epoch().count() * 1000;
}

std::optional<std::string> no_variable(std::string_view /*name*/) {
    return std::nullopt;
}

FilterSpec filter(const std::string& text, const char* action = "open") {
    const ActionFile file = read_action_file(
        fmt::format("actions: {{1: {{action: {}, options: {{repository: r}}, filters: "
                    "[{{filtertype: {}}}]}}}}\n",
                    action,
                    text),
        "f",
        no_variable);
    if (file.actions.empty() || file.actions[0].filters.size() != 1) {
        throw std::runtime_error("no filter: " + text);
    }
    return file.actions[0].filters[0];
}

struct Filtered {
    std::string kept{};
    std::vector<std::string> warnings{};
    std::vector<std::string> notes{};
};

Filtered run(const std::string& text,
             const std::vector<IndexFacts>& indices,
             std::string_view now = "2026-11-25 12:00:00",
             const char* action = "open") {
    IndexNumbers list;
    for (std::uint32_t i = 0; i < indices.size(); ++i) {
        list.push_back(i);
    }
    Filtered result;
    const FilterInput input{
        .indices = indices, .now = at(now), .note = [&](const FilterNote& note) {
            result.notes.push_back(fmt::format("{}: {}", indices[note.index].name, note.reason));
        }};
    const FilteredList filtered = apply_filter(filter(text, action), input, list);
    for (const std::uint32_t index : filtered.indices) {
        result.kept += result.kept.empty() ? "" : " ";
        result.kept += indices[index].name;
    }
    result.warnings = filtered.warnings;
    EXPECT_EQ(result.notes.size(), indices.size()) << text;
    return result;
}

std::string kept(const std::string& text,
                 const std::vector<IndexFacts>& indices,
                 std::string_view now = "2026-11-25 12:00:00") {
    return run(text, indices, now).kept;
}

std::vector<IndexFacts> named(const std::vector<std::string_view>& names) {
    std::vector<IndexFacts> indices;
    for (const std::string_view name : names) {
        indices.push_back({.name = name});
    }
    return indices;
}

constexpr const char* by_name = "age, source: name, timestring: '%Y.%m.%d', unit: days";

TEST(AgeFilter, MatchesNeitherSideWhenTheAgeIsExactlyEqual) {
    const auto indices = named({"a-2026.11.22", "a-2026.11.23", "a-2026.11.24"});
    const std::string now = "2026-11-26 00:00:00";
    EXPECT_EQ(kept(fmt::format("{}, direction: older, unit_count: 3", by_name), indices, now),
              "a-2026.11.22");
    EXPECT_EQ(kept(fmt::format("{}, direction: younger, unit_count: 3", by_name), indices, now),
              "a-2026.11.24");
    EXPECT_EQ(kept(fmt::format("{}, direction: older, unit_count: 3, exclude: true", by_name),
                   indices,
                   now),
              "a-2026.11.23 a-2026.11.24");
}

TEST(AgeFilter, DropsWhatHasNoDateWhateverExcludeSays) {
    const auto indices = named({"a", "a-2020.13.45", "a-2026.11.24"});
    const Filtered result =
        run(fmt::format("{}, direction: older, unit_count: 3, exclude: true", by_name), indices);
    EXPECT_EQ(result.kept, "a-2026.11.24");
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_EQ(result.warnings[0],
              "a-2020.13.45 is left alone: '2020.13.45' in its name is no date");
    EXPECT_EQ(result.notes[0], "a: no date in its name");
}

TEST(AgeFilter, TellsTheAgeAndWhereItComesFrom) {
    const Filtered result =
        run(fmt::format("{}, direction: older, unit_count: 30", by_name), named({"a-2026.10.01"}));
    EXPECT_EQ(result.notes[0],
              "a-2026.10.01: 55 d old (2026.10.01 in its name), older than 30 days");
}

TEST(AgeFilter, TakesTheDateOfCreation) {
    std::vector<IndexFacts> indices{
        {.name = "old", .created_ms = ms("2026-11-01 00:00:00")},
        {.name = "new", .created_ms = ms("2026-11-25 00:00:00")},
        {.name = "unknown"},
    };
    const std::string text =
        "age, source: creation_date, direction: older, unit: weeks, unit_count: 1";
    EXPECT_EQ(kept(text, indices), "old");
    EXPECT_EQ(kept(text + ", epoch: 1793836800000", indices), "");  // 2026-11-05
    EXPECT_EQ(kept(text + ", epoch: 0", indices), "old");
}

TEST(AgeFilter, TakesAMonthForThirtyDays) {
    const auto indices = named({"a-2026.02.01", "a-2026.01.30", "a-2026.01.29"});
    EXPECT_EQ(kept("age, source: name, timestring: '%Y.%m.%d', direction: older, unit: months, "
                   "unit_count: 1",
                   indices,
                   "2026-03-01 00:00:00"),
              "a-2026.01.29");
}

TEST(AgeFilter, ReadsTheCountFromTheName) {
    const auto indices =
        named({"a-2026.11.20-3", "a-2026.11.20-30", "a-2026.11.20", "a-2026.11.20-0"});
    const std::string text =
        std::string(by_name) + ", direction: older, unit_count_pattern: '-(\\d+)$', unit_count: ";
    EXPECT_EQ(kept(text + "1", indices), "a-2026.11.20-3 a-2026.11.20 a-2026.11.20-0");
    EXPECT_EQ(kept(text + "-1", indices), "a-2026.11.20-3");
    const Filtered excluded = run(text + "-1, exclude: true", indices);
    EXPECT_EQ(excluded.kept, "a-2026.11.20-30");
    ASSERT_EQ(excluded.warnings.size(), 1U);
    EXPECT_NE(excluded.warnings[0].find("2 indices without a count"), std::string::npos);
}

TEST(AgeFilter, TakesTheValuesOfAField) {
    const std::int64_t old = ms("2026-10-01 00:00:00");
    const std::int64_t young = ms("2026-11-25 00:00:00");
    const std::vector<IndexFacts> indices{
        {.name = "both", .docs = 5, .rare = RareFacts{.field_ranges = {{"t", old, young}}}},
        {.name = "closed", .is_open = false},
        {.name = "empty", .docs = 0},
        {.name = "none", .docs = 5, .rare = RareFacts{.field_ranges = {{"t", {}, {}}}}},
        {.name = "old", .docs = 5, .rare = RareFacts{.field_ranges = {{"t", old, old}}}},
        {.name = "partly", .docs = 5, .rare = RareFacts{.field_ranges = {{"t", {}, {}, true}}}},
    };
    const std::string text =
        "age, source: field_stats, field: t, direction: older, unit: days, unit_count: 7";
    EXPECT_EQ(kept(text, indices), "both old");
    EXPECT_EQ(kept(text + ", stats_result: max_value", indices), "old");
    EXPECT_EQ(kept(text + ", exclude: true", indices), "");
    ASSERT_EQ(run(text, indices).warnings.size(), 2U);
    EXPECT_NE(run(text, indices).warnings[1].find("not all of its shards answered"),
              std::string::npos);
}

TEST(PeriodFilter, IncludesBothEnds) {
    const std::vector<IndexFacts> indices{
        {.name = "before", .created_ms = ms("2026-11-23 23:59:59")},
        {.name = "first", .created_ms = ms("2026-11-24 00:00:00")},
        {.name = "last", .created_ms = ms("2026-11-24 23:59:59")},
        {.name = "after", .created_ms = ms("2026-11-25 00:00:00")},
    };
    EXPECT_EQ(
        kept("period, source: creation_date, unit: days, range_from: -1, range_to: -1", indices),
        "first last");
}

TEST(PeriodFilter, GoesByTheCalendar) {
    const auto span = [](const std::string& text, std::string_view now) {
        const Filtered result =
            run("period, source: creation_date, " + text, {{.name = "x", .created_ms = 0}}, now);
        const std::string& note = result.notes[0];
        return note.substr(note.find("within ") + 7);
    };
    EXPECT_EQ(span("unit: months, range_from: -1, range_to: -1", "2026-03-31 10:00:00"),
              "2026-02-01T00:00:00Z to 2026-02-28T23:59:59Z");
    EXPECT_EQ(span("unit: years, range_from: 0, range_to: 1", "2024-02-29 10:00:00"),
              "2024-01-01T00:00:00Z to 2025-12-31T23:59:59Z");
    EXPECT_EQ(span("unit: hours, range_from: -1, range_to: 0", "2026-03-31 00:10:00"),
              "2026-03-30T23:00:00Z to 2026-03-31T00:59:59Z");
    EXPECT_EQ(span("unit: weeks, range_from: 0, range_to: 0", "2017-04-02 10:00:00"),
              "2017-03-26T00:00:00Z to 2017-04-01T23:59:59Z");
    EXPECT_EQ(span("unit: weeks, range_from: 0, range_to: 0, week_starts_on: monday",
                   "2017-04-02 10:00:00"),
              "2017-03-27T00:00:00Z to 2017-04-02T23:59:59Z");
    const std::string absolute =
        "period_type: absolute, date_from: '2017.02.03', date_from_format: '%Y.%m.%d', date_to: "
        "'2017.02.20', date_to_format: '%Y.%m.%d', unit: ";
    EXPECT_EQ(span(absolute + "months", "2026-01-01 00:00:00"),
              "2017-02-03T00:00:00Z to 2017-02-28T23:59:59Z");
    EXPECT_EQ(span(absolute + "days", "2026-01-01 00:00:00"),
              "2017-02-03T00:00:00Z to 2017-02-20T23:59:59Z");
    EXPECT_EQ(span(absolute + "years", "2026-01-01 00:00:00"),
              "2017-02-03T00:00:00Z to 2017-12-31T23:59:59Z");
}

TEST(PeriodFilter, WithIntersectWantsAllValuesWithin) {
    const std::vector<IndexFacts> indices{
        {.name = "in",
         .docs = 1,
         .rare =
             RareFacts{
                 .field_ranges = {{"t", ms("2026-11-24 01:00:00"), ms("2026-11-24 02:00:00")}}}},
        {.name = "out",
         .docs = 1,
         .rare =
             RareFacts{
                 .field_ranges = {{"t", ms("2026-11-24 01:00:00"), ms("2026-11-25 02:00:00")}}}},
    };
    const std::string text =
        "period, source: field_stats, field: t, unit: days, range_from: -1, range_to: -1";
    EXPECT_EQ(kept(text, indices), "in out");
    EXPECT_EQ(kept(text + ", intersect: true", indices), "in");
}

TEST(AliasFilter, WantsAllAliasesKnownAndThenAnyOfThem) {
    const std::vector<IndexFacts> indices{
        {.name = "a", .rare = RareFacts{.aliases = {{"one"}}}},
        {.name = "b", .rare = RareFacts{.aliases = {{"two"}}}},
        {.name = "c"},
    };
    EXPECT_EQ(kept("alias, aliases: one", indices), "a");
    EXPECT_EQ(kept("alias, aliases: [one, two]", indices), "a b");
    EXPECT_EQ(kept("alias, aliases: [one, three]", indices), "");
    EXPECT_EQ(kept("alias, aliases: [one, three], exclude: true", indices), "a b c");
}

TEST(CountFilter, LeavesAllButTheNewest) {
    const auto indices = named({"a-1", "a-2", "a-3", "b-1"});
    EXPECT_EQ(kept("count, count: 2", indices), "a-1 a-2");
    EXPECT_EQ(kept("count, count: 1, reverse: false", indices), "a-2 a-3 b-1");
    EXPECT_EQ(kept("count, count: 1, exclude: false", indices), "b-1");
    EXPECT_EQ(kept("count, count: 9", indices), "");
}

TEST(CountFilter, CountsEachGroupOfAPattern) {
    const auto indices = named({"a-1", "a-2", "b-1", "b-2", "other", "xa-1"});
    EXPECT_EQ(kept("count, count: 1, pattern: '(a|b)-\\d'", indices), "a-1 b-1");
    const Filtered result = run("count, count: 1, exclude: false, pattern: '(a|b)-\\d'", indices);
    EXPECT_EQ(result.kept, "a-2 b-2");  // as it is written
    ASSERT_EQ(result.warnings.size(), 1U);
}

TEST(CountFilter, GoesByAgeWhenAsked) {
    const std::vector<IndexFacts> indices{
        {.name = "a", .created_ms = ms("2026-11-03 00:00:00")},
        {.name = "b", .created_ms = ms("2026-11-01 00:00:00")},
        {.name = "c", .is_open = false, .created_ms = ms("2026-11-09 00:00:00")},
        {.name = "d", .created_ms = ms("2026-11-03 00:00:00")},
        {.name = "e"},
    };
    // d and a are of one age: the later name goes first.
    EXPECT_EQ(kept("count, count: 1, use_age: true, source: creation_date", indices), "a b");
    EXPECT_EQ(
        kept("count, count: 1, use_age: true, source: creation_date, reverse: false", indices),
        "a d");
}

TEST(SpaceFilter, TakesWhatIsBeyondTheLimit) {
    std::vector<IndexFacts> indices;
    for (const char* name : {"a", "b", "c", "d"}) {
        indices.push_back({.name = name, .total_bytes = gib, .primary_bytes = gib / 2});
    }
    indices.push_back({.name = "e", .is_open = false});
    EXPECT_EQ(kept("space, disk_space: 2", indices), "a b");      // exactly 2 is not beyond
    EXPECT_EQ(kept("space, disk_space: 1.5", indices), "a b c");  // the one that crosses it goes
    EXPECT_EQ(kept("space, disk_space: 2, reverse: false", indices), "c d");
    EXPECT_EQ(kept("space, disk_space: 3, threshold_behavior: less_than", indices), "c d");
}

TEST(SizeFilter, ComparesPrimariesOrAllCopies) {
    const std::vector<IndexFacts> indices{
        {.name = "big", .total_bytes = 4 * gib, .primary_bytes = 2 * gib},
        {.name = "closed", .is_open = false},
        {.name = "small", .total_bytes = 2 * gib, .primary_bytes = gib},
    };
    EXPECT_EQ(kept("size, size_threshold: 1", indices), "big");
    EXPECT_EQ(kept("size, size_threshold: 1, size_behavior: total", indices), "big small");
    EXPECT_EQ(kept("size, size_threshold: 2, threshold_behavior: less_than", indices), "small");
    EXPECT_EQ(kept("size, size_threshold: 9, exclude: true", indices), "big small");
}

TEST(StateFilters, DropWhatTheyNameUnlessToldOtherwise) {
    const std::vector<IndexFacts> indices{
        {.name = ".kibana_1", .is_open = false},
        {.name = "managed", .docs = 0, .rare = RareFacts{.lifecycle = "p"}},
        {.name = "plain", .docs = 7},
    };
    EXPECT_EQ(kept("closed", indices), "managed plain");
    EXPECT_EQ(kept("closed, exclude: false", indices), ".kibana_1");
    EXPECT_EQ(kept("opened", indices), ".kibana_1");
    EXPECT_EQ(kept("kibana", indices), "managed plain");
    EXPECT_EQ(kept("ilm", indices), ".kibana_1 plain");
    EXPECT_EQ(kept("empty", indices), "managed");
    EXPECT_EQ(kept("empty, exclude: true", indices), "plain");
    EXPECT_EQ(kept("none", indices), ".kibana_1 managed plain");
}

TEST(PatternFilter, SearchesAsPythonDoes) {
    const auto indices = named({"logs-a", "logsX", "old-logs-a", "x-2026.11"});
    EXPECT_EQ(kept("pattern, kind: prefix, value: 'logs.'", indices), "logs-a logsX");
    EXPECT_EQ(kept("pattern, kind: prefix, value: logs-, exclude: true", indices),
              "logsX old-logs-a x-2026.11");
    EXPECT_EQ(kept("pattern, kind: suffix, value: -a", indices), "logs-a old-logs-a");
    EXPECT_EQ(kept("pattern, kind: timestring, value: '%Y.%m'", indices), "x-2026.11");
    EXPECT_EQ(kept("pattern, kind: regex, value: '^(?!logs)(?P<w>\\w)'", indices),
              "old-logs-a x-2026.11");
    EXPECT_THROW(kept("pattern, kind: regex, value: '(a+)+$'", named({std::string(60, 'a') + "b"})),
                 RegexLimitError);
}

TEST(OtherFilters, CompareWhatSettingsAndSegmentsSay) {
    const std::vector<IndexFacts> indices{
        {.name = "cold",
         .shards = 1,
         .rare = RareFacts{.segments = 1, .allocation = {{"require.box", "cold"}}}},
        {.name = "hot", .shards = 5, .replicas = 1, .rare = RareFacts{.segments = 11}},
        {.name = "shut", .is_open = false, .shards = 5},
    };
    EXPECT_EQ(kept("allocated, key: box, value: cold", indices), "hot shut");
    EXPECT_EQ(kept("allocated, key: box, value: cold, exclude: false", indices), "cold");
    EXPECT_EQ(kept("allocated, key: box, value: cold, allocation_type: include", indices),
              "cold hot shut");
    EXPECT_EQ(kept("forcemerged, max_num_segments: 1", indices), "hot");
    EXPECT_EQ(kept("forcemerged, max_num_segments: 2, exclude: false", indices), "cold hot");
    EXPECT_EQ(kept("shards, number_of_shards: 1", indices), "hot shut");
    EXPECT_EQ(kept("shards, number_of_shards: 5, shard_filter_behavior: less_than", indices),
              "cold");
    EXPECT_EQ(kept("shards, number_of_shards: 5, shard_filter_behavior: equal", indices),
              "hot shut");
}

TEST(SnapshotFilters, KnowTheState) {
    const std::vector<IndexFacts> snapshots{
        {.name = "s1", .rare = RareFacts{.snapshot_state = "SUCCESS"}},
        {.name = "s2", .rare = RareFacts{.snapshot_state = "PARTIAL"}},
    };
    EXPECT_EQ(run("state", snapshots, "2026-11-25 12:00:00", "delete_snapshots").kept, "s1");
    EXPECT_EQ(
        run("state, state: PARTIAL", snapshots, "2026-11-25 12:00:00", "delete_snapshots").kept,
        "s2");
}

TEST(Lists, LeaveOutSystemAndHiddenIndices) {
    const IndexFacts hidden{.name = "quiet", .is_hidden = true};
    const IndexFacts stream{
        .name = ".ds-logs-000001", .is_hidden = true, .rare = RareFacts{.data_stream = "logs"}};
    const IndexFacts kibana{.name = ".kibana_1"};
    const IndexFacts watcher{.name = ".watcher-history-3"};
    EXPECT_EQ(left_out({.name = "logs"}, {}), "");
    EXPECT_EQ(left_out({.name = ".monitoring-es-7"}, {}), "");
    EXPECT_EQ(left_out(hidden, {}), "hidden");
    EXPECT_EQ(left_out(hidden, {.include_hidden = true}), "");
    EXPECT_EQ(left_out(stream, {}), "a backing index of a data stream");
    EXPECT_EQ(left_out(stream, {.search_pattern = ".ds-*"}), "");
    EXPECT_EQ(left_out(stream, {.include_data_streams = true}), "");
    EXPECT_EQ(left_out(kibana, {}), "one of Kibana's own");
    EXPECT_EQ(left_out(kibana, {.include_kibana = true}), "");
    EXPECT_EQ(left_out(watcher, {}), "a system index");
    EXPECT_EQ(left_out(watcher, {.include_system = true}), "");
    EXPECT_EQ(left_out(watcher, {.everything = true}), "");
    for (const char* name : {"-logs", "a,b", "a*", "_all", "", "<a>"}) {
        EXPECT_NE(left_out({.name = name}, {.everything = true}), "") << name;
    }
}

TEST(Lists, ReadSearchPatternsAsServersDo) {
    const IndexFacts index{.name = "logs-2026", .rare = RareFacts{.aliases = {{"current"}}}};
    EXPECT_TRUE(is_named_by(index, "*"));
    EXPECT_TRUE(is_named_by(index, "_all"));
    EXPECT_TRUE(is_named_by(index, "x,logs-*"));
    EXPECT_TRUE(is_named_by(index, "cur*"));
    EXPECT_TRUE(is_named_by(index, "l*s-*6"));
    EXPECT_FALSE(is_named_by(index, "*,-logs-*"));
    EXPECT_FALSE(is_named_by(index, "logs"));
    EXPECT_FALSE(is_named_by(index, ""));
}

TEST(ListScope, IncludesBesideTheSearchPattern) {
    const IndexFacts kibana{.name = ".kibana_1"};
    const IndexFacts backing{.name = ".ds-logs-2026.11.24-000001"};
    const ListScope pattern{.search_pattern = "audit-*"};
    EXPECT_FALSE(is_in_reach(kibana, pattern));
    EXPECT_FALSE(is_in_reach(backing, pattern));
    const ListScope with_kibana{.search_pattern = "audit-*", .include_kibana = true};
    EXPECT_TRUE(is_in_reach(kibana, with_kibana));
    EXPECT_FALSE(is_in_reach(backing, with_kibana));
    EXPECT_TRUE(left_out(kibana, with_kibana).empty());
    const ListScope with_streams{.search_pattern = "audit-*", .include_data_streams = true};
    EXPECT_FALSE(is_in_reach(kibana, with_streams));
    EXPECT_TRUE(is_in_reach(backing, with_streams));
    EXPECT_FALSE(is_in_reach({.name = "other"}, with_streams));
}

TEST(WriteIndices, AreKnownByTheirAliasesAndStreams) {
    const std::vector<IndexFacts> indices{
        {.name = "a-000001", .rare = RareFacts{.aliases = {{"a", false}}}},
        {.name = "a-000002", .rare = RareFacts{.aliases = {{"a", true}}}},
        {.name = "b-000007", .rare = RareFacts{.aliases = {{"b", {}}}}},
        {.name = "c-2026.01.01", .rare = RareFacts{.aliases = {{"c", {}}}}},
        {.name = ".ds-d-000001",
         .rare = RareFacts{.data_stream = "d", .is_stream_write_index = true}},
    };
    const WriteIndices written(indices);
    EXPECT_EQ(written.why_protected(indices[0]), "");
    EXPECT_EQ(written.why_protected(indices[1]), "the write index of the alias a");
    EXPECT_EQ(written.why_protected(indices[2]),
              "the only index behind the alias b, so writes go to it");
    EXPECT_EQ(written.why_protected(indices[3]), "");
    EXPECT_EQ(written.why_protected(indices[4]), "the write index of the data stream d");
}

}  // namespace
}  // namespace caretaker
