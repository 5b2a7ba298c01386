// SPDX-License-Identifier: Apache-2.0
// New, open and resolved: the state of findings from run to run.
#include "common/store/findings_recorder.hpp"

#include "common/store/database.hpp"
#include "common/store/migrations.hpp"
#include "common/store/schema.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace caretaker {

namespace {

class FindingsRecorder : public testing::Test {
 protected:
    FindingsRecorder() { migrate(database_, schema_steps()); }

    FindingsDiff record(int run,
                        const std::vector<Finding>& findings,
                        bool complete = true,
                        std::int64_t rows = std::numeric_limits<std::int64_t>::max()) {
        RowBudget budget(rows);
        FindingsDiff diff = record_findings(database_,
                                            {.run = run,
                                             .job = "lag",
                                             .target = "prod",
                                             .at = first_start + std::chrono::minutes(run),
                                             .complete = complete},
                                            findings,
                                            budget);
        diff.rows_left_out = budget.left_out();
        return diff;
    }

    std::string column(const std::string& name, const std::string& subject) {
        return database_.text("SELECT ifnull(" + name +
                              ", 'none') FROM findings WHERE subject = '" + subject + "'");
    }

    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
};

TEST_F(FindingsRecorder, CallsAFindingNewOnceAndThenOpen) {
    const FindingsDiff first = record(1, {make_finding("group a")});
    EXPECT_EQ(first.added, 1);
    EXPECT_EQ(first.open, 0);
    ASSERT_EQ(first.findings.size(), 1U);
    EXPECT_EQ(first.findings[0].status, FindingStatus::added);
    EXPECT_EQ(first.findings[0].first_seen, first_start + std::chrono::minutes(1));
    EXPECT_EQ(first.findings[0].finding.subject, "group a");

    const FindingsDiff second = record(2, {make_finding("group a")});
    EXPECT_EQ(second.added, 0);
    EXPECT_EQ(second.open, 1);
    EXPECT_EQ(second.findings[0].status, FindingStatus::open);
    EXPECT_EQ(second.findings[0].first_seen, first.findings[0].first_seen);
    EXPECT_EQ(second.findings[0].id, first.findings[0].id);
    EXPECT_EQ(column("times_seen", "group a"), "2");
}

TEST_F(FindingsRecorder, KnowsAFindingWhoseMessageSeverityAndDataChanged) {
    record(1, {make_finding("group a")});
    Finding changed = make_finding("group a", Severity::critical);
    changed.message = "lag grew from 20 to 4000";
    changed.data = {{"lag", "4000"}};
    EXPECT_EQ(record(2, {changed}).open, 1);
    EXPECT_EQ(column("message", "group a"), "lag grew from 20 to 4000");
    EXPECT_EQ(column("severity", "group a"), "5");
    EXPECT_EQ(column("data", "group a"), "lag=4000");
}

TEST_F(FindingsRecorder, ResolvesWhatACompleteRunNoLongerSaw) {
    record(1, {make_finding("group a"), make_finding("group b")});
    const FindingsDiff diff = record(2, {make_finding("group b")});
    EXPECT_EQ(diff.resolved, 1);
    ASSERT_EQ(diff.resolved_findings.size(), 1U);
    EXPECT_EQ(diff.resolved_findings[0].finding.subject, "group a");
    EXPECT_EQ(diff.resolved_findings[0].finding.message, "lag grew from 10 to 20");
    EXPECT_EQ(diff.resolved_findings[0].finding.data, (std::vector<Label>{{"lag", "20"}}));
    EXPECT_EQ(diff.resolved_findings[0].status, FindingStatus::resolved);
    EXPECT_EQ(diff.resolved_findings[0].first_seen, first_start + std::chrono::minutes(1));
    EXPECT_EQ(record(3, {make_finding("group b")}).resolved, 0) << "resolved once";
}

TEST_F(FindingsRecorder, ResolvesNothingAfterAnIncompleteRun) {
    record(1, {make_finding("group a")});
    EXPECT_EQ(record(2, {}, false).resolved, 0);
    EXPECT_EQ(column("resolved_ms", "group a"), "none");
    EXPECT_EQ(record(3, {make_finding("group a")}).open, 1);
}

TEST_F(FindingsRecorder, CallsAFindingNewAgainThatWasResolved) {
    const auto id = record(1, {make_finding("group a")}).findings[0].id;
    record(2, {});
    const FindingsDiff back = record(3, {make_finding("group a")});
    EXPECT_EQ(back.added, 1);
    EXPECT_EQ(back.findings[0].id, id);
    EXPECT_EQ(back.findings[0].first_seen, first_start + std::chrono::minutes(3));
    EXPECT_EQ(column("first_run", "group a"), "3");
    EXPECT_EQ(column("resolved_ms", "group a"), "none");
    EXPECT_EQ(record(4, {make_finding("group a")}).open, 1);
}

TEST_F(FindingsRecorder, LeavesOtherJobsAndTargetsAlone) {
    record(1, {make_finding("group a")});
    RowBudget budget(10);
    for (const auto& [job, target] : {std::pair("lag", "test"), std::pair("cleanup", "prod")}) {
        const FindingsDiff other = record_findings(
            database_, {.run = 2, .job = job, .target = target, .complete = true}, {}, budget);
        EXPECT_EQ(other.resolved, 0);
    }
    EXPECT_EQ(record(3, {make_finding("group a")}).open, 1);
}

TEST_F(FindingsRecorder, CountsAFindingThatIsReportedTwiceOnce) {
    const FindingsDiff diff =
        record(1, {make_finding("group a"), make_finding("group b"), make_finding("group a")});
    EXPECT_EQ(diff.added, 2);
    ASSERT_EQ(diff.findings.size(), 3U);
    EXPECT_EQ(diff.findings[0].id, diff.findings[2].id);
    EXPECT_EQ(column("times_seen", "group a"), "1");
}

TEST_F(FindingsRecorder, KeepsTheMostSevereOverTheBudgetAndResolvesNoneOfTheRest) {
    const std::vector<Finding> three{make_finding("low", Severity::low),
                                     make_finding("critical", Severity::critical),
                                     make_finding("warn", Severity::warn)};
    record(1, three);
    const FindingsDiff diff = record(2, three, true, 1);
    EXPECT_EQ(diff.open, 3);
    EXPECT_EQ(diff.resolved, 0);
    EXPECT_EQ(diff.rows_left_out, 2);
    EXPECT_EQ(column("times_seen", "critical"), "2");
    EXPECT_EQ(column("times_seen", "warn"), "1");
    EXPECT_EQ(diff.findings[0].finding.subject, "low") << "in the order of the report";

    const FindingsDiff unknown = record(3, {make_finding("never stored")}, false, 0);
    EXPECT_EQ(unknown.findings[0].id, 0);
    EXPECT_EQ(unknown.added, 1);
}

TEST(FindingFingerprint, IsOfJobTargetCodeAndSubjectOnly) {
    const Finding base = make_finding("group a");
    const std::string print = format_fingerprint("lag", "prod", base);
    EXPECT_EQ(print.size(), 16U);
    Finding louder = make_finding("group a", Severity::critical);
    louder.message = "other";
    louder.data.clear();
    EXPECT_EQ(format_fingerprint("lag", "prod", louder), print);

    Finding other_code = base;
    other_code.code = "records_lost";
    EXPECT_NE(format_fingerprint("lag", "prod", other_code), print);
    EXPECT_NE(format_fingerprint("lag", "prod", make_finding("group b")), print);
    EXPECT_NE(format_fingerprint("lag", "test", base), print);
    EXPECT_NE(format_fingerprint("cleanup", "prod", base), print);
    EXPECT_NE(format_fingerprint("lagp", "rod", base), print) << "the parts do not run together";
}

TEST(FindingFingerprint, StaysTheSameFromReleaseToRelease) {
    EXPECT_EQ(format_fingerprint("lag", "prod", make_finding("group a")), "638bdd8069b85960");
}

}  // namespace

}  // namespace caretaker
