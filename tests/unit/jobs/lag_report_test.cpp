// SPDX-License-Identifier: Apache-2.0
// What a run tells: rows, sentence, findings, numbers.
#include "jobs/lag/lag_report.hpp"

#include "common/text/timestamp.hpp"
#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_selection.hpp"
#include "tests/support/fake_kafka.hpp"
#include "tests/support/held_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

Report report(FakeKafka& kafka, LagView view = LagView::group, const LagFilters& filters = {}) {
    Report report =
        report_lag(measure_lag(gather_lag(kafka, LagSelection(filters))), {.view = view});
    report.table = hold_rows(std::move(report.table));
    return report;
}

std::string words(const Cell& cell) {
    struct Format {
        std::string operator()(std::monostate) const { return "none"; }

        std::string operator()(std::int64_t number) const { return std::to_string(number); }

        std::string operator()(double number) const { return std::to_string(number); }

        std::string operator()(bool value) const { return value ? "yes" : "no"; }

        std::string operator()(const std::string& text) const { return text; }

        std::string operator()(WallTime time) const { return format_rfc3339(time); }
    };

    return std::visit(Format{}, cell);
}

/// One cell by the key of its column.
std::string cell(const Report& report, std::size_t row, std::string_view key) {
    const auto& columns = report.table.columns;
    const auto column = std::ranges::find(columns, key, &Column::key);
    if (column == columns.end()) {
        return "no column " + std::string(key);
    }
    return words(report.table.rows.at(row).at(static_cast<std::size_t>(column - columns.begin())));
}

/// The cells of one column.
Words column(const Report& report, std::string_view key) {
    Words out;
    for (std::size_t row = 0; row < report.table.rows.size(); ++row) {
        out.push_back(cell(report, row, key));
    }
    return out;
}

/// "name=value" of each metric with exactly these labels.
Words metrics(const Report& report, const std::vector<Label>& labels) {
    Words out;
    for (const Metric& metric : report.metrics) {
        EXPECT_GE(metric.value, 0) << metric.name;
        if (metric.labels == labels) {
            out.push_back(metric.name + "=" +
                          std::to_string(static_cast<std::int64_t>(metric.value)));
        }
    }
    return out;
}

Words codes(const Report& report) {
    Words out;
    std::ranges::transform(report.problems, std::back_inserter(out), &Problem::code);
    return out;
}

/// "billing" is 811 behind on logs/1 and 9 on logs/0, "search" caught up.
FakeKafka two_groups() {
    FakeKafka kafka;
    kafka.add_topic("logs", 2, 100, 2000);
    kafka.groups["billing"].commits = {{{"logs", 0}, 1991}, {{"logs", 1}, 1189}};
    kafka.groups["billing"].members = {{.member_id = "m-1",
                                        .client_id = "c-1",
                                        .host = "/10.0.0.7",
                                        .assignment = {{"logs", {1}}}}};
    kafka.groups["search"].commits = {{{"logs", 0}, 2000}};
    kafka.groups["search"].state = "Empty";
    return kafka;
}

TEST(LagReport, ShowsOneRowPerPartitionWithTheKeysThatScriptsRelyOn) {
    FakeKafka kafka = two_groups();
    const Report by_partition = report(kafka, LagView::partition);
    Words keys;
    Words headings;
    for (const Column& shown : by_partition.table.columns) {
        keys.push_back(shown.key);
        if (shown.shown == Shown::always) {
            headings.push_back(shown.heading);
        }
    }
    EXPECT_EQ(keys,
              (Words{"group",
                     "topic",
                     "partition",
                     "current_offset",
                     "log_end_offset",
                     "log_start_offset",
                     "lag",
                     "backlog",
                     "lost",
                     "consumer_id",
                     "host",
                     "client_id",
                     "state",
                     "ahead",
                     "leader",
                     "condition",
                     "status",
                     "time_lag",
                     "time_lag_ms",
                     "time_lag_is_least",
                     "complete"}));
    EXPECT_EQ(headings,
              (Words{"GROUP",
                     "TOPIC",
                     "PARTITION",
                     "CURRENT-OFFSET",
                     "LOG-END-OFFSET",
                     "LAG",
                     "CONSUMER-ID",
                     "HOST",
                     "CLIENT-ID",
                     "STATE",
                     "CONDITION",
                     "STATUS",
                     "TIME-LAG"}));
    ASSERT_EQ(by_partition.table.rows.size(), 3U);
    Words owned;
    for (const Cell& value : by_partition.table.rows[1]) {
        owned.push_back(words(value));
    }
    EXPECT_EQ(owned, (Words{"billing", "logs",     "1",   "1189",      "2000", "100",    "811",
                            "811",     "0",        "m-1", "/10.0.0.7", "c-1",  "Stable", "0",
                            "1",       "measured", "OK",  "none",      "none", "none",   "no"}));
    EXPECT_EQ(cell(by_partition, 0, "consumer_id"), "none");
}

TEST(LagReport, ShowsTopicsOfExpiredGroupsAndThoseThatCouldNotBeRead) {
    FakeKafka kafka;
    kafka.add_topic("lost", 2, 0, 10);
    kafka.add_topic("read", 1, 0, 10);
    for (FakeKafkaPartition& partition : kafka.topics["lost"].partitions) {
        partition.leader = -1;
    }
    kafka.groups["g"].commits = {{{"lost", 0}, 5}, {{"lost", 1}, 5}, {{"read", 0}, 5}};
    kafka.groups["old"].commits = {{{"read", 0}, 5}};
    ClusterLag lag = measure_lag(gather_lag(kafka, LagSelection({})));
    lag.groups.at(1).verdict.status = GroupStatus::expired;
    Report rows = report_lag(std::move(lag), {.view = LagView::topic});
    rows.table = hold_rows(std::move(rows.table));
    Words shown;
    for (std::size_t row = 0; row < rows.table.rows.size(); ++row) {
        shown.push_back(cell(rows, row, "group") + " " + cell(rows, row, "topic") + " " +
                        cell(rows, row, "status"));
    }
    std::ranges::sort(shown);
    EXPECT_EQ(shown, (Words{"g lost UNKNOWN", "g read OK", "old read EXPIRED"}));
}

TEST(LagReport, NeverShowsAZeroForWhatIsNotKnown) {
    FakeKafka kafka;
    kafka.add_topic("t", 4, 0, 10);
    kafka.topics["t"].partitions[0].leader = -1;
    kafka.topics["t"].partitions[1].failure = KafkaFailure::forbidden;
    kafka.topics["t"].partitions[2].leader = 7;
    kafka.silent_brokers = {7};
    auto& group = kafka.groups["g"];
    group.commits = {{{"t", 0}, 5}, {{"t", 1}, 5}, {{"t", 2}, 5}, {{"gone", 0}, 5}};
    group.members = {{.member_id = "m", .assignment = {{"t", {3}}}}};
    const Report rows = report(kafka, LagView::partition);
    EXPECT_EQ(column(rows, "condition"),
              (Words{"unknown_topic", "no_leader", "forbidden", "timed_out", "no_commit"}));
    EXPECT_EQ(column(rows, "lag"), (Words{"none", "none", "none", "none", "none"}));
    EXPECT_EQ(column(rows, "current_offset"), (Words{"5", "5", "5", "5", "none"}));
    EXPECT_EQ(column(rows, "log_end_offset"), (Words{"none", "none", "none", "none", "10"}));
    EXPECT_EQ(column(rows, "leader"), (Words{"none", "none", "1", "7", "1"}));
    EXPECT_EQ(rows.summary, "1 group, 5 partitions, lag unknown, 2 partitions not read")
        << "one is forbidden, and nobody named its topic";
    EXPECT_EQ(metrics(rows, {{"group", "g"}}), (Words{"partitions=5", "no_commit=1", "members=1"}));
    EXPECT_TRUE(rows.samples.empty());
    EXPECT_EQ(rows.items_seen, 5);
    EXPECT_EQ(rows.items_failed, 2);
}

TEST(LagReport, PutsTheWorstGroupFirstAndOrdersEqualOnesByName) {
    FakeKafka kafka;
    kafka.add_topic("t", 2, 0, 100);
    kafka.groups["e-unread"].offsets_problem = {KafkaFailure::forbidden, "no"};
    kafka.groups["d-none"].state = "Empty";
    kafka.groups["c-small"].commits = {{{"t", 0}, 99}};
    kafka.groups["b-large"].commits = {{{"t", 0}, 10}};
    kafka.groups["a-large"].commits = {{{"t", 0}, 50}, {{"t", 1}, 60}};
    kafka.groups["z-done"].commits = {{{"t", 0}, 100}};
    EXPECT_EQ(column(report(kafka), "group"),
              (Words{"a-large", "b-large", "c-small", "z-done", "d-none", "e-unread"}));
    EXPECT_EQ(column(report(kafka), "lag"), (Words{"90", "90", "1", "0", "none", "none"}));
    EXPECT_EQ(column(report(kafka), "partitions"), (Words{"2", "1", "1", "1", "0", "none"}));
    EXPECT_EQ(column(report(kafka, LagView::topic), "group"),
              (Words{"a-large", "b-large", "c-small", "z-done"}));
    EXPECT_EQ(column(report(kafka, LagView::partition), "group"),
              (Words{"a-large", "a-large", "b-large", "c-small", "z-done"}));
}

TEST(LagReport, SaysWhereTheLargestLagOfAGroupIs) {
    FakeKafka kafka = two_groups();
    const Report by_group = report(kafka);
    EXPECT_EQ(cell(by_group, 0, "lag_max"), "811");
    EXPECT_EQ(cell(by_group, 0, "lag_max_topic"), "logs");
    EXPECT_EQ(cell(by_group, 0, "lag_max_partition"), "1");
    EXPECT_EQ(cell(by_group, 0, "members"), "1");
    EXPECT_EQ(cell(by_group, 0, "topics"), "1");
    EXPECT_EQ(cell(by_group, 0, "partitions_behind"), "2");
    EXPECT_EQ(cell(by_group, 1, "state"), "Empty");
}

TEST(LagReport, SumsUpTopicsOfEachGroup) {
    FakeKafka kafka = two_groups();
    kafka.add_topic("audit", 1, 0, 50);
    kafka.groups["billing"].commits[{"audit", 0}] = 0;
    const Report by_topic = report(kafka, LagView::topic);
    EXPECT_EQ(column(by_topic, "topic"), (Words{"logs", "audit", "logs"}));
    EXPECT_EQ(column(by_topic, "lag"), (Words{"820", "50", "0"}));
    EXPECT_EQ(column(by_topic, "lag_max_partition"), (Words{"1", "0", "0"}));
    EXPECT_EQ(column(by_topic, "partitions"), (Words{"2", "1", "1"}));
}

TEST(LagReport, SumsUpTheRunInOneSentence) {
    struct Case {
        const char* what = "";
        std::function<void(FakeKafka&)> change{};
        std::string expected{};
    };

    const std::vector<Case> cases{
        {"as is",
         [](FakeKafka&) {},
         "2 groups, 3 partitions, lag 820, largest billing logs/1 (811)"},
        {"four digits",
         [](FakeKafka& kafka) { kafka.topics["logs"].partitions[1].end = 1'201'189; },
         "2 groups, 3 partitions, lag 1 200 009, largest billing logs/1 (1 200 000)"},
        {"caught up",
         [](FakeKafka& kafka) { kafka.groups.erase("billing"); },
         "1 group, 1 partition, lag 0"},
        {"empty cluster",
         [](FakeKafka& kafka) { kafka.groups.clear(); },
         "no consumer groups found"},
        {"no list",
         [](FakeKafka& kafka) {
             kafka.groups.clear();
             kafka.listing_problems = {{KafkaFailure::failed, "not understood", 1}};
         },
         "the groups could not be listed"},
        {"a group without anything",
         [](FakeKafka& kafka) {
             kafka.groups.clear();
             kafka.groups["idle"].state = "Empty";
         },
         "1 group, 0 partitions"},
        {"share group",
         [](FakeKafka& kafka) { kafka.groups["search"].kind = GroupKind::share; },
         "1 group, 2 partitions, lag 820, largest billing logs/1 (811), 1 group without offsets"},
        {"refused",
         [](FakeKafka& kafka) {
             kafka.groups["search"].offsets_problem = {KafkaFailure::forbidden, "no"};
         },
         "1 group, 2 partitions, lag 820, largest billing logs/1 (811), 1 group not read"},
    };
    for (const Case& c : cases) {
        FakeKafka kafka = two_groups();
        c.change(kafka);
        EXPECT_EQ(report(kafka).summary, c.expected) << c.what;
    }
}

TEST(LagReport, IsOkForAnEmptyCluster) {
    FakeKafka kafka;
    const Report empty = report(kafka);
    EXPECT_TRUE(empty.problems.empty());
    EXPECT_TRUE(empty.table.rows.empty());
    EXPECT_FALSE(empty.table.columns.empty());
    EXPECT_EQ(metrics(empty, {}), (Words{"groups=0", "partitions=0", "failed=0"}));
}

TEST(LagReport, SendsGaugesAndSamplesPerGroupAndTotals) {
    FakeKafka kafka = two_groups();
    const Report numbers = report(kafka);
    EXPECT_EQ(metrics(numbers, {{"group", "billing"}}),
              (Words{"lag=820",
                     "lag_max=811",
                     "backlog=820",
                     "lost=0",
                     "partitions=2",
                     "no_commit=0",
                     "members=1"}));
    EXPECT_EQ(metrics(numbers, {}), (Words{"groups=2", "partitions=3", "failed=0"}));
    ASSERT_EQ(numbers.samples.size(), 6U);
    EXPECT_EQ(numbers.samples[0].series, "lag.lag");
    EXPECT_EQ(numbers.samples[0].value, 820);
    EXPECT_EQ(numbers.samples[0].labels, (std::vector<Label>{{"group", "billing"}}));
    EXPECT_EQ(numbers.samples[1].series, "lag.lag_max");
    EXPECT_EQ(numbers.samples[1].value, 811);
    EXPECT_EQ(numbers.samples[2].series, "lag.partitions_behind");
    EXPECT_EQ(numbers.samples[2].value, 2);
}

TEST(LagReport, SendsNoMembersWhereTheyCannotBeSeen) {
    FakeKafka kafka = two_groups();
    kafka.groups["billing"].kind = GroupKind::consumer;
    kafka.groups["billing"].members_known = false;
    const Report numbers = report(kafka);
    EXPECT_EQ(cell(numbers, 0, "members"), "none");
    for (const std::string& metric : metrics(numbers, {{"group", "billing"}})) {
        EXPECT_FALSE(metric.starts_with("members=")) << metric;
    }
}

TEST(LagReport, FindsLostRecordsPerGroupAndTopic) {
    FakeKafka kafka;
    kafka.add_topic("t", 3, 1500, 2000);
    kafka.groups["slow"].commits = {{{"t", 0}, 1499}, {{"t", 1}, 300}, {{"t", 2}, 1500}};
    const Report lost = report(kafka);
    ASSERT_EQ(lost.findings.size(), 1U);
    const Finding& finding = lost.findings[0];
    EXPECT_EQ(finding.code, "records_lost");
    EXPECT_EQ(finding.subject, "group slow topic t");
    EXPECT_EQ(finding.severity, Severity::high);
    EXPECT_TRUE(
        finding.message.starts_with("1 201 records of 2 partitions were deleted before "
                                    "group slow read them, most of them (1 200) from t/1"))
        << finding.message;
    EXPECT_EQ(finding.data,
              (std::vector<Label>{
                  {"group", "slow"}, {"topic", "t"}, {"lost", "1201"}, {"partitions", "2"}}));
    EXPECT_TRUE(lost.problems.empty());
}

TEST(LagReport, FindsNothingInCommitsBeyondTheEndOfOneRunAlone) {
    FakeKafka kafka;
    kafka.add_topic("t", 2, 0, 10);
    kafka.groups["g"].commits = {{{"t", 0}, 99}, {{"t", 1}, 10}};
    const Report ahead = report(kafka);
    EXPECT_TRUE(ahead.findings.empty());
    EXPECT_EQ(cell(ahead, 0, "lag"), "0");
}

TEST(LagReport, KeepsTheSubjectOfAFindingWhateverTheNumbers) {
    FakeKafka kafka;
    kafka.add_topic("t", 1, 50, 60);
    kafka.groups["g"].commits = {{{"t", 0}, 10}};
    const std::string before = report(kafka).findings.at(0).subject;
    kafka.groups["g"].commits = {{{"t", 0}, 20}};
    EXPECT_EQ(report(kafka).findings.at(0).subject, before);
}

TEST(LagReport, HasAProblemAndNoFindingWhereANamedGroupDoesNotExist) {
    FakeKafka kafka = two_groups();
    const Report missing = report(kafka, LagView::group, {.groups = {"biling", "search"}});
    EXPECT_EQ(codes(missing), Words{"group_not_found"});
    EXPECT_TRUE(missing.findings.empty());
    EXPECT_EQ(cell(missing, 1, "state"), "NotFound");
    EXPECT_EQ(missing.items_failed, 1);
    EXPECT_TRUE(metrics(missing, {{"group", "biling"}}).empty());
}

TEST(LagReport, NamesShareAndConnectGroupsAndDoesNotMeasureThem) {
    FakeKafka kafka;
    kafka.groups["shared"].kind = GroupKind::share;
    kafka.groups["sink"].kind = GroupKind::other;
    kafka.groups["sink"].protocol_type = "connect";
    const Report kinds = report(kafka);
    EXPECT_TRUE(kinds.problems.empty());
    EXPECT_EQ(column(kinds, "kind"), (Words{"share", "connect"}));
    EXPECT_EQ(column(kinds, "reading"), (Words{"not_measured", "not_measured"}));
    EXPECT_EQ(column(kinds, "lag"), (Words{"none", "none"}));
    EXPECT_EQ(metrics(kinds, {}), (Words{"groups=0", "partitions=0", "failed=0"}));
}

TEST(LagReport, IgnoresCommitsOnADeletedTopicAndCountsThem) {
    FakeKafka kafka = two_groups();
    kafka.groups["search"].commits[{"gone", 3}] = 5;
    const Report deleted = report(kafka);
    EXPECT_TRUE(deleted.problems.empty());
    EXPECT_EQ(cell(deleted, 1, "ignored"), "1");
    EXPECT_EQ(cell(deleted, 1, "unread"), "0");
    EXPECT_EQ(cell(deleted, 1, "lag"), "0");
    EXPECT_EQ(deleted.items_failed, 0);
}

TEST(LagReport, KeepsNamesOfAnyBytes) {
    FakeKafka kafka;
    kafka.add_topic("t", 1, 0, 5);
    kafka.groups["Büro/log viewer"].commits = {{{"t", 0}, 1}};
    EXPECT_EQ(cell(report(kafka), 0, "group"), "Büro/log viewer");
    EXPECT_EQ(report(kafka).summary,
              "1 group, 1 partition, lag 4, largest Büro/log viewer t/0 (4)");
}

TEST(LagReport, SurvivesTheLargestOffsets) {
    FakeKafka kafka;
    kafka.add_topic("t", 2, most - 1, most);
    kafka.groups["g"].commits = {{{"t", 0}, 0}, {{"t", 1}, 0}};
    const Report large = report(kafka);
    EXPECT_EQ(cell(large, 0, "lag"), std::to_string(most));
    EXPECT_EQ(cell(large, 0, "backlog"), "2");
    EXPECT_EQ(large.findings.size(), 1U);
}

TEST(LagReport, HeadsMembersAsKafkasOwnToolDoes) {
    FakeKafka kafka = two_groups();
    kafka.groups["billing"].members.push_back(
        {.member_id = "m-0", .client_id = "idle", .host = "/10.0.0.8"});
    kafka.groups["connect"] = {
        .kind = GroupKind::other, .protocol_type = "connect", .members = {{.member_id = "worker"}}};
    const Report members = report(kafka, LagView::member);
    Words headings;
    for (const Column& shown : members.table.columns) {
        headings.push_back(shown.heading);
    }
    EXPECT_EQ(
        headings,
        (Words{"GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS", "LAG", "LAG-MAX"}));
    EXPECT_EQ(column(members, "consumer_id"), (Words{"m-0", "m-1", "worker"}));
    EXPECT_EQ(column(members, "partitions"), (Words{"0", "1", "none"}));
    EXPECT_EQ(column(members, "lag"), (Words{"none", "811", "none"}));
}

TEST(LagReport, HeadsStatesAsKafkasOwnToolDoes) {
    FakeKafka kafka = two_groups();
    kafka.groups["billing"].coordinator = 1;
    kafka.groups["search"].coordinator = 9;
    kafka.groups["modern"] = {.kind = GroupKind::consumer, .coordinator = -1};
    kafka.groups["modern"].members_known = false;
    const Report states = report(kafka, LagView::state);
    EXPECT_EQ(states.table.columns.at(1).heading, "COORDINATOR (ID)");
    EXPECT_EQ(states.table.columns.at(2).heading, "ASSIGNMENT-STRATEGY");
    EXPECT_EQ(states.table.columns.at(4).heading, "#MEMBERS");
    EXPECT_EQ(column(states, "group"), (Words{"billing", "search", "modern"}));
    EXPECT_EQ(column(states, "coordinator_address"), (Words{"kafka-1:9092 (1)", "(9)", "none"}));
    EXPECT_EQ(column(states, "state"), (Words{"Stable", "Empty", "Stable"}));
    EXPECT_EQ(column(states, "members"), (Words{"1", "0", "none"}));
    EXPECT_EQ(column(states, "kind"), (Words{"classic", "classic", "consumer"}));
}

TEST(LagReport, ShowsOnlyWhatTheFilterWantsAndSaysHowMuchItHides) {
    FakeKafka kafka = two_groups();
    const auto shown = [&](LagView view, std::int64_t min_lag) {
        Report report = report_lag(measure_lag(gather_lag(kafka, LagSelection(LagFilters{}))),
                                   {.view = view, .filter = {.min_lag = min_lag}});
        report.table = hold_rows(std::move(report.table));
        return report;
    };
    const Report groups = shown(LagView::group, 820);
    EXPECT_EQ(column(groups, "group"), Words{"billing"});
    EXPECT_EQ(groups.summary,
              "2 groups, 3 partitions, lag 820, largest billing logs/1 (811), 1 row not shown");
    EXPECT_EQ(metrics(groups, {{"group", "search"}}).size(),
              metrics(report(kafka), {{"group", "search"}}).size())
        << "what is hidden is sent all the same";
    EXPECT_EQ(column(shown(LagView::topic, 820), "group"), Words{"billing"});
    EXPECT_EQ(column(shown(LagView::partition, 9), "lag"), (Words{"9", "811"}));
    EXPECT_EQ(column(shown(LagView::partition, 10), "lag"), Words{"811"});
    const Report none = shown(LagView::partition, 812);
    EXPECT_TRUE(none.table.is_empty());
    EXPECT_TRUE(none.summary.ends_with(", 3 rows not shown")) << none.summary;
}

TEST(LagReport, ShowsTheTrendOfGroupsOnlyWhereItIsGiven) {
    FakeKafka kafka = two_groups();
    EXPECT_EQ(cell(report(kafka), 0, "trend"), "no column trend");
    const Report with =
        report_lag(measure_lag(gather_lag(kafka, LagSelection(LagFilters{}))),
                   {.trend = [](const GroupLag& group) { return group.group.name.substr(0, 3); }});
    EXPECT_EQ(column(with, "trend"), (Words{"bil", "sea"}));
    EXPECT_EQ(column(with, "lag"), (Words{"820", "0"}));
}

TEST(LagReport, SendsNumbersOfPartitionsOnlyOnRequest) {
    FakeKafka kafka = two_groups();
    const std::vector<Label> labels{{"group", "billing"}, {"topic", "logs"}, {"partition", "1"}};
    EXPECT_TRUE(metrics(report(kafka), labels).empty());
    const Report all = report_lag(
        measure_lag(gather_lag(kafka, LagSelection(LagFilters{}))), {}, {.partitions = true});
    EXPECT_EQ(metrics(all, labels), Words{"lag=811"}) << "the lag in time is not known yet";
    EXPECT_EQ(metrics(all, {{"group", "billing"}}), metrics(report(kafka), {{"group", "billing"}}));
}

TEST(LagReport, SendsNumbersOfTopicsOnlyOnRequest) {
    FakeKafka kafka = two_groups();
    kafka.add_topic("more", 2, 0, 10);
    kafka.groups["billing"].commits[{"more", 0}] = 4;
    const std::vector<Label> labels{{"group", "billing"}, {"topic", "logs"}};
    EXPECT_TRUE(metrics(report(kafka), labels).empty());
    const Report all = report_lag(
        measure_lag(gather_lag(kafka, LagSelection(LagFilters{}))), {}, {.topics = true});
    EXPECT_EQ(metrics(all, labels), (Words{"lag=820", "lag_max=811"}));
    EXPECT_EQ(metrics(all, {{"group", "billing"}, {"topic", "more"}}),
              (Words{"lag=6", "lag_max=6"}));
    EXPECT_EQ(metrics(all, {{"group", "billing"}}), metrics(report(kafka), {{"group", "billing"}}));
}

TEST(LagReport, SendsTheStatusOfAGroupThatIsGone) {
    FakeKafka kafka = two_groups();
    const Report after = report_lag(
        measure_lag(gather_lag(kafka, LagSelection(LagFilters{}))), {}, {.gone = {"old"}});
    EXPECT_EQ(metrics(after, {{"group", "old"}}), Words{"status=3"});
}

TEST(LagReport, CountsThePartitionsThatAreLaterThanEachLimit) {
    FakeKafka kafka = two_groups();
    const WallTime now{std::chrono::hours(1'000)};
    kafka.topics["logs"].partitions[1].written = {{1189, now - std::chrono::minutes(30)},
                                                  {1500, now - std::chrono::minutes(2)}};
    kafka.topics["logs"].partitions[0].written = {{1991, now - std::chrono::seconds(5)}};
    const auto with_sla = [&](LagView view) {
        LagFacts facts = gather_lag(kafka, LagSelection(LagFilters{}));
        const std::vector<std::chrono::milliseconds> limits{std::chrono::minutes(1),
                                                            std::chrono::hours(1)};
        gather_sla(kafka, limits, now, facts, NoProgress::instance());
        Report report = report_lag(measure_lag(std::move(facts)), {.view = view});
        report.table = hold_rows(std::move(report.table));
        return report;
    };
    const Report groups = with_sla(LagView::group);
    EXPECT_EQ(column(groups, "late_1m"), (Words{"1", "0"}));
    EXPECT_EQ(column(groups, "late_1h"), (Words{"0", "0"}));
    EXPECT_EQ(groups.table.columns.back().heading, ">1h");
    const Words numbers = metrics(groups, {{"group", "billing"}});
    EXPECT_NE(std::ranges::find(numbers, std::string("late_1m=1")), numbers.end());
    EXPECT_EQ(column(with_sla(LagView::topic), "late_1m"), (Words{"1", "0"}));
    const Report partitions = with_sla(LagView::partition);
    EXPECT_EQ(column(partitions, "sla"), (Words{"<=1m", "<=1h", "<=1m"}));
    EXPECT_EQ(column(partitions, "sla_ms"), (Words{"60000", "3600000", "60000"}));
}

}  // namespace
}  // namespace caretaker
