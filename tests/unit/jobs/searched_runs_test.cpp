// SPDX-License-Identifier: Apache-2.0
// `history --from es`: documents as runs leave them, read back.
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/json/json_error.hpp"
#include "common/output/report_json.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/lent_http.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/unit/jobs/history_command.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

constexpr const char* search_url =
    "/caretaker-runs-*/_search?ignore_unavailable=true&allow_no_indices=true";
constexpr const char* nothing = R"({"hits":{"hits":[]}})";

class SearchedRuns : public ::testing::Test {
 protected:
    SearchedRuns() {
        settings_.set({.path = "outbox.elasticsearch.urls",
                       .value = std::vector<std::string>{"http://es:9200"}});
    }

    Report history(std::vector<std::string> args) {
        args.insert(args.end(), {"--from", "es"});
        Context context{clock_, connect_, nullptr, log_, settings_, stop_, run_};
        return run_history(std::move(args), context);
    }

    std::string listed(std::vector<std::string> args) {
        std::string text;
        for (const auto& row : history(std::move(args)).table.rows) {
            text += std::get<std::string>(row.at(0)) + " ";
        }
        return text;
    }

    /// The end of run `number`, as its process leaves it.
    static FinishedRun finished(int number, std::string job = "lag") {
        FinishedRun run;
        run.info = make_run(number, std::move(job));
        run.duration = std::chrono::milliseconds(2'500);
        run.ended_at = run.info.started_at + run.duration;
        run.report.summary = fmt::format("run {}", number);
        return run;
    }

    /// What a server finds of documents of that kind.
    static std::string hits(const std::vector<FinishedRun>& runs, std::string_view type) {
        std::string found;
        for (const FinishedRun& run : runs) {
            for (const RunDocument& document : make_run_documents(run)) {
                if (document.body.find(fmt::format(R"("type":"{}")", type)) != std::string::npos) {
                    found += fmt::format(R"({}{{"_index":"i","_id":"{}","_source":{}}})",
                                         found.empty() ? "" : ",",
                                         document.id,
                                         document.body);
                }
            }
        }
        return fmt::format(R"({{"hits":{{"total":9,"hits":[{}]}}}})", found);
    }

    void answer(std::string body) {
        http_.answer(HttpMethod::post, search_url, {.status = 200, .body = std::move(body)});
    }

    ScriptedHttp http_{};
    Connectors connect_ = lend_http(http_);
    FakeClock clock_{first_start + std::chrono::hours(1)};
    StopSignal stop_{};
    Log log_{LogLevel::off, LogFormat::plain};
    Settings settings_{};
    RunInfo run_{};
};

TEST_F(SearchedRuns, AreListedAsDocumentsTellOfThem) {
    FinishedRun failed = finished(2, "rotate");
    failed.info.host = "agent-2";
    failed.outcome = Outcome::failed;
    failed.exit_code = ExitCode::failed;
    failed.findings = {{.finding = {.code = "x"}, .status = FindingStatus::added},
                       {.finding = {.code = "y"}, .status = FindingStatus::open}};
    answer(hits({failed, finished(1)}, "run_end"));
    answer(nothing);
    const Report report = history({});
    EXPECT_EQ(report.summary, "2 runs");
    ASSERT_EQ(report.table.rows.size(), 2U);
    const auto& row = report.table.rows[0];
    const auto text = [&](std::size_t column) { return std::get<std::string>(row.at(column)); };
    EXPECT_EQ(text(0), "00000002");
    EXPECT_EQ(text(1), "rotate");
    EXPECT_EQ(text(2), "prod");
    EXPECT_EQ(std::get<WallTime>(row.at(3)), failed.info.started_at);
    EXPECT_EQ(text(4), "2.5 s");
    EXPECT_EQ(text(5), "failed");
    EXPECT_EQ(std::get<std::int64_t>(row.at(6)), 1);
    EXPECT_EQ(text(7), "1/2");
    EXPECT_EQ(text(10), "agent-2");
}

TEST_F(SearchedRuns, AreAskedForByTheFiltersAndJudgedAgainBecauseTextsAreAnalysed) {
    run_.target = "prod";
    answer(hits({finished(3, "lag"), finished(2, "lag judge"), finished(1)}, "run_end"));
    answer(nothing);
    EXPECT_EQ(listed({"--job",
                      "lag",
                      "--host",
                      "agent-1",
                      "--since",
                      "58m",
                      "--trigger",
                      "chronos",
                      "--outcome",
                      "ok"}),
              "00000003 ");
    EXPECT_EQ(
        http_.requests().front().body,
        R"({"from":0,"size":500,"sort":[{"@timestamp":{"order":"desc","unmapped_type":"date"}}],)"
        R"("query":{"bool":{"must":[{"match_phrase":{"type":"run_end"}},{"match_phrase":{"job":"lag"}},)"
        R"({"match_phrase":{"target":"prod"}},{"match_phrase":{"outcome":"ok"}},)"
        R"({"match_phrase":{"trigger":"chronos"}},{"match_phrase":{"host":"agent-1"}},)"
        R"({"range":{"@timestamp":{"gte":"2026-05-03T03:11:37.123Z"}}}]}}})");
}

TEST_F(SearchedRuns, AreReadPageByPageUntilThereAreEnough) {
    answer(hits({finished(4), finished(3)}, "run_end"));
    answer(hits({finished(2), finished(1)}, "run_end"));
    answer(nothing);
    EXPECT_EQ(listed({"--limit", "2"}), "00000004 00000003 ");
    ASSERT_EQ(http_.requests().size(), 2U) << "one more than asked for tells that there are more";
    EXPECT_NE(http_.requests()[1].body.find(R"("from":500)"), std::string::npos);
}

TEST_F(SearchedRuns, EndWhereAServerGoesNoFurther) {
    answer(hits({finished(1, "other")}, "run_end"));  // again and again
    EXPECT_EQ(listed({"--job", "lag"}), "");
    EXPECT_EQ(http_.requests().size(), 20U + 1U) << "10 000 documents, then whether there is any";
}

TEST_F(SearchedRuns, OfNoneAreNotAnError) {
    answer(nothing);
    EXPECT_EQ(history({}).summary, "no runs yet");
    EXPECT_EQ(history({"show", "last"}).summary, "no runs yet");
}

TEST_F(SearchedRuns, AreShownWithWhatTheyFoundAndDid) {
    FinishedRun run = finished(7, "rotate");
    run.findings = {{.id = 5,
                     .finding = {.code = "disk_full",
                                 .subject = "node es-1",
                                 .message = "94 % used",
                                 .severity = Severity::high},
                     .status = FindingStatus::resolved,
                     .first_seen_at = first_start}};
    Action action{.kind = "delete_index", .subject = "logs-1", .reason = "34 d old"};
    action.state = ActionState::done;
    action.bytes = 1024;
    run.report.actions.push_back(action);
    FinishedRun other = run;
    other.info.uid = make_uid(8);
    answer(hits({other, run}, "run_end"));
    answer(nothing);
    answer(hits({other, run}, "finding"));
    answer(hits({run, other}, "action"));
    const Report report = history({"show", "00000007"});
    EXPECT_EQ(report.summary, "run 00000007 of rotate prod: ok after 2.5 s");
    ASSERT_EQ(report.details.size(), 3U);
    const Table& findings = report.details[1];
    ASSERT_EQ(findings.rows.size(), 1U) << "of this run alone";
    EXPECT_EQ(std::get<std::string>(findings.rows[0].at(1)), "resolved");
    EXPECT_EQ(std::get<std::string>(findings.rows[0].at(2)), "high");
    EXPECT_EQ(std::get<std::string>(findings.rows[0].at(3)), "disk_full");
    const Table& actions = report.details[2];
    ASSERT_EQ(actions.rows.size(), 1U);
    EXPECT_EQ(std::get<std::string>(actions.rows[0].at(2)), "logs-1");
    EXPECT_EQ(std::get<std::string>(actions.rows[0].at(3)), "done");
    EXPECT_EQ(std::get<std::int64_t>(actions.rows[0].at(4)), 1024);
}

TEST_F(SearchedRuns, AreNamedAsInTheStore) {
    const std::string both = hits({finished(2), finished(1)}, "run_end");
    answer(both);
    answer(nothing);
    EXPECT_THROW(history({"show", "019de7a1"}), UsageError) << "both begin so";
    EXPECT_THROW(history({"show", "no-id!"}), UsageError);
    EXPECT_THROW(history({"diff", "last", "last"}), UsageError);
    EXPECT_THROW(history({"subject", "logs-1"}), UsageError);
}

TEST_F(SearchedRuns, SayWhatIsMissing) {
    settings_ = Settings();
    try {
        history({});
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("set outbox.elasticsearch.urls"),
                  std::string::npos);
    }
}

TEST_F(SearchedRuns, SayWhatAServerAnswersInstead) {
    http_.answer(HttpMethod::post, search_url, {.status = 403, .body = "{}"});
    EXPECT_THROW(history({}), RemoteError);
    for (const char* body : {"", "[]", "{}", R"({"hits":{}})", R"({"hits":{"hits":[{}]}})"}) {
        ScriptedHttp http;
        http.answer(HttpMethod::post, search_url, {.status = 200, .body = body});
        connect_ = lend_http(http);
        EXPECT_THROW(history({}), JsonError) << body;
    }
}

TEST_F(SearchedRuns, MayLackWhateverADocumentLacks) {
    answer(
        R"({"hits":{"hits":[{"_source":{"type":"run_end","run":7,"summary":[]}},{"_source":{}}]}})");
    answer(nothing);
    EXPECT_EQ(history({}).table.rows.size(), 1U);
}

}  // namespace
}  // namespace caretaker
