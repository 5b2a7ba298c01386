// SPDX-License-Identifier: Apache-2.0
// One report in all its forms: table, JSON, JSON Lines, CSV.
#include "common/output/report_csv.hpp"
#include "common/output/report_json.hpp"
#include "common/output/report_text.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cmath>
#include <sstream>

namespace caretaker {
namespace {

FinishedRun finished() {
    FinishedRun run;
    run.info = {.uid = "0192f0c1-2345-7abc-8def-00009f86d081",
                .job = "lag",
                .target = "prod",
                .started_at = WallTime(std::chrono::milliseconds(1'767'225'600'123)),
                .trigger = "manual",
                .host = "host-1",
                .version = "0.1.0"};
    run.ended_at = run.info.started_at + std::chrono::milliseconds(2400);
    run.duration = std::chrono::milliseconds(2400);
    run.outcome = Outcome::partial;
    run.exit_code = ExitCode::partial;
    Report& report = run.report;
    report.summary = "2 groups, lag 1204";
    report.items_seen = 2;
    report.items_failed = 1;
    report.table = {
        .columns = {{.key = "group", .heading = "GROUP"},
                    {.key = "lag", .heading = "LAG", .right = true}},
        .rows = {{std::string("billing"), std::int64_t{1204}}, {std::string("a,\"b\"\n"), Cell{}}}};
    report.metrics = {{.name = "lag", .value = 1204, .labels = {{"group", "billing"}}},
                      {.name = "ratio", .value = 0.25},
                      {.name = "none", .value = std::nan("")}};
    report.problems = {{.code = "group_forbidden", .message = "not allowed", .subject = "a"}};
    report.actions = {
        {.kind = "delete", .subject = "x", .reason = "old", .state = ActionState::done}};
    run.findings = {{.id = 7,
                     .finding = {.code = "records_lost",
                                 .subject = "group billing",
                                 .message = "3 records lost",
                                 .severity = Severity::high,
                                 .data = {{"topic", "t"}}},
                     .status = FindingStatus::added,
                     .first_seen_at = run.info.started_at}};
    return run;
}

TEST(SummaryLine, NamesOutcomeJobTargetFindingsDurationAndRun) {
    EXPECT_EQ(summary_line(finished()),
              "PARTIAL  lag prod  2 groups, lag 1204, 1 finding (1 new)  2.4 s  run 9f86d081");
}

TEST(ReportText, ShowsTableThenFindingsThenTheSummaryLast) {
    EXPECT_EQ(render_text(finished(), {}, true),
              "GROUP       LAG\n"
              "billing    1204\n"
              "a,\"b\"\\x0a     -\n"
              "\n"
              "Findings\n"
              "SEVERITY  STATUS  CODE          SUBJECT        MESSAGE\n"
              "high      new     records_lost  group billing  3 records lost\n"
              "\n"
              "PARTIAL  lag prod  2 groups, lag 1204, 1 finding (1 new)  2.4 s  run 9f86d081\n");
}

TEST(ReportText, ACommandThatOnlyShowsPrintsItsSummaryWhenItHasNothingElse) {
    FinishedRun run;
    run.report.summary = "no runs yet";
    EXPECT_EQ(render_text(run, {}, false), "no runs yet\n");
}

TEST(ReportJson, IsOneValidDocumentWithAllParts) {
    const std::string text = render_json(finished());
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    rapidjson::Document json;
    ASSERT_FALSE(json.Parse(text.c_str()).HasParseError());
    EXPECT_STREQ(json["schema"].GetString(), "caretaker.run/1");
    EXPECT_STREQ(json["run"]["started_at"].GetString(), "2026-01-01T00:00:00.123Z");
    EXPECT_EQ(json["run"]["duration_ms"].GetInt(), 2400);
    EXPECT_STREQ(json["run"]["outcome"].GetString(), "partial");
    EXPECT_EQ(json["run"]["exit_code"].GetInt(), 3);
    EXPECT_TRUE(json["run"]["trigger_ref"].IsNull());
    EXPECT_EQ(json["summary"]["findings_new"].GetInt(), 1);
    EXPECT_EQ(json["metrics"][0]["value"].GetInt(), 1204);
    EXPECT_STREQ(json["metrics"][0]["labels"]["group"].GetString(), "billing");
    EXPECT_DOUBLE_EQ(json["metrics"][1]["value"].GetDouble(), 0.25);
    EXPECT_TRUE(json["metrics"][2]["value"].IsNull());
    EXPECT_STREQ(json["findings"][0]["severity"].GetString(), "high");
    EXPECT_STREQ(json["findings"][0]["data"]["topic"].GetString(), "t");
    EXPECT_STREQ(json["actions"][0]["state"].GetString(), "done");
    EXPECT_STREQ(json["errors"][0]["subject"].GetString(), "a");
    EXPECT_EQ(json["rows"][0]["lag"].GetInt(), 1204);
    EXPECT_TRUE(json["rows"][1]["lag"].IsNull());
}

TEST(ReportJson, WritesIntegersBeyondTwoToThe53AsStrings) {
    FinishedRun run;
    run.report.table = {.columns = {{.key = "a", .heading = "A"}, {.key = "b", .heading = "B"}},
                        .rows = {{std::int64_t{9007199254740992}, std::int64_t{9007199254740993}}}};
    const std::string text = render_json(run);
    EXPECT_NE(text.find(R"({"a":9007199254740992,"b":"9007199254740993"})"), std::string::npos)
        << text;
}

TEST(ReportJson, HasNoBeginningOfWhatWasNotBegun) {
    const WallTime begun{std::chrono::milliseconds(1'767'225'600'123)};
    FinishedRun run;
    run.report.actions = {{.kind = "purge", .subject = "a"},
                          {.kind = "purge",
                           .subject = "b",
                           .state = ActionState::done,
                           .started_at = begun,
                           .ended_at = begun}};
    rapidjson::Document json;
    json.Parse(render_json(run).c_str());
    EXPECT_TRUE(json["actions"][0]["started_at"].IsNull());
    EXPECT_TRUE(json["actions"][0]["ended_at"].IsNull());
    EXPECT_STREQ(json["actions"][1]["started_at"].GetString(), "2026-01-01T00:00:00.123Z");
}

TEST(ReportJson, StaysValidWhateverBytesANameHolds) {
    FinishedRun run;
    run.report.table = {.columns = {{.key = "a", .heading = "A"}},
                        .rows = {{std::string("\xff\xc0\x80 \x01 \" \\ \xed\xa0\x80 ä")}}};
    rapidjson::Document json;
    const std::string text = render_json(run);
    EXPECT_FALSE(json.Parse<rapidjson::kParseValidateEncodingFlag>(text.c_str()).HasParseError())
        << text;
}

TEST(ReportJsonl, IsOneObjectALineAndEndsWithRunEnd) {
    std::istringstream lines(render_jsonl(finished()));
    std::vector<std::string> types;
    for (std::string line; std::getline(lines, line);) {
        rapidjson::Document json;
        ASSERT_FALSE(json.Parse(line.c_str()).HasParseError()) << line;
        types.emplace_back(json["type"].GetString());
    }
    EXPECT_EQ(types,
              (std::vector<std::string>{
                  "run_start", "row", "row", "finding", "action", "error", "run_end"}));
}

TEST(ReportJsonl, EndsWithRunEndAlsoAfterAnErrorBeforeTheRun) {
    EXPECT_EQ(render_jsonl_error(ExitCode::usage, "usage", "no"),
              "{\"type\":\"error\",\"code\":\"usage\",\"message\":\"no\"}\n"
              "{\"type\":\"run_end\",\"exit_code\":2,\"outcome\":\"failed\"}\n");
}

TEST(ReportJson, HasADocumentForAnErrorBeforeTheRun) {
    EXPECT_EQ(
        render_json_error(ExitCode::usage, "usage", "no"),
        "{\"type\":\"error\",\"schema\":\"caretaker.run/1\",\"exit_code\":2,\"code\":\"usage\","
        "\"message\":\"no\"}\n");
}

TEST(ReportCsv, QuotesWhatNeedsItAndLeavesNoneEmpty) {
    EXPECT_EQ(render_csv(finished().report.table),
              "group,lag\n"
              "billing,1204\n"
              "\"a,\"\"b\"\"\n\",\n");
}

}  // namespace
}  // namespace caretaker
