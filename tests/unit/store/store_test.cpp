// SPDX-License-Identifier: Apache-2.0
// The store as the runner and the inspecting commands see it, in memory.
#include "common/store/store.hpp"

#include "common/base/error.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace caretaker {

namespace {

class StoreInMemory : public testing::Test {
 protected:
    std::int64_t finish(int number,
                        Outcome outcome = Outcome::ok,
                        const Report& report = {},
                        const RunInfo* info = nullptr) {
        const std::int64_t id = store_->begin_run(info != nullptr ? *info : make_run(number));
        store_->close_run(id, make_close(report, number, outcome));
        return id;
    }

    std::string list(const RunFilter& filter) {
        std::string text;
        for (const RunRow& run : store_->runs(filter)) {
            text += (text.empty() ? "" : " ") + std::to_string(run.id);
        }
        return text;
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
};

TEST_F(StoreInMemory, GivesBackARunAsItWasRecorded) {
    RunInfo info = make_run(1);
    info.attempt = 2;
    info.dry_run = true;
    const std::int64_t id = store_->begin_run(info);

    const RunRow begun = store_->run_details(id).run;
    EXPECT_EQ(begun.outcome, "running");
    EXPECT_EQ(begun.ended_at, std::nullopt);
    EXPECT_EQ(begun.exit_code, std::nullopt);
    EXPECT_EQ(begun.duration, std::nullopt);

    store_->close_run(id, make_close({.summary = "6 groups"}, 1));
    const RunRow row = store_->run_details(id).run;
    EXPECT_EQ(row.uid, info.uid);
    EXPECT_EQ(row.job, "lag");
    EXPECT_EQ(row.target, "prod");
    EXPECT_EQ(row.started_at, info.started_at);
    EXPECT_EQ(row.ended_at, info.started_at + std::chrono::milliseconds(2500));
    EXPECT_EQ(row.duration, std::chrono::milliseconds(2500));
    EXPECT_EQ(row.outcome, "ok");
    EXPECT_EQ(row.exit_code, 0);
    EXPECT_TRUE(row.dry_run);
    EXPECT_EQ(row.trigger, "chronos");
    EXPECT_EQ(row.trigger_ref, "ct:1:0:lag:");
    EXPECT_EQ(row.attempt, 2);
    EXPECT_EQ(row.host, "agent-1");
    EXPECT_EQ(row.boot_id, "boot-1");
    EXPECT_EQ(row.version, "0.1.0");
    EXPECT_EQ(row.argv, info.argv);
    EXPECT_EQ(row.config_hash, info.config_hash);
    EXPECT_EQ(row.summary, "6 groups");
}

TEST_F(StoreInMemory, ListsTheNewestRunsFirst) {
    for (int number = 1; number <= 5; ++number) {
        finish(number);
    }
    EXPECT_EQ(list({}), "5 4 3 2 1");
    EXPECT_EQ(list({.limit = 2}), "5 4");
    EXPECT_EQ(list({.limit = 0}), "");
}

TEST_F(StoreInMemory, FiltersRuns) {
    finish(1);
    finish(2, Outcome::failed);
    const RunInfo other_target = make_run(3, "lag", "test");
    finish(3, Outcome::skipped, {}, &other_target);
    RunInfo by_hand = make_run(4, "cleanup");
    by_hand.trigger = "manual";
    by_hand.host = "laptop";
    finish(4, Outcome::findings, {}, &by_hand);
    store_->begin_run(make_run(5));

    const auto minute = [](int number) { return first_start + std::chrono::minutes(number); };
    EXPECT_EQ(list({.job = "lag"}), "5 3 2 1");
    EXPECT_EQ(list({.job = "lag", .target = "test"}), "3");
    EXPECT_EQ(list({.target = "prod"}), "5 4 2 1");
    EXPECT_EQ(list({.outcome = "ok"}), "1");
    EXPECT_EQ(list({.outcome = "running"}), "5");
    EXPECT_EQ(list({.failed = true}), "4 2");
    EXPECT_EQ(list({.since = minute(3)}), "5 4 3");
    EXPECT_EQ(list({.until = minute(3)}), "2 1");
    EXPECT_EQ(list({.since = minute(2), .until = minute(4)}), "3 2");
    EXPECT_EQ(list({.trigger = "manual"}), "4");
    EXPECT_EQ(list({.host = "laptop"}), "4");
    EXPECT_EQ(list({.job = "lag",
                    .target = "prod",
                    .outcome = "failed",
                    .failed = true,
                    .since = minute(1),
                    .until = minute(9),
                    .trigger = "chronos",
                    .host = "agent-1"}),
              "2");
    EXPECT_EQ(list({.job = "' OR 1=1 --"}), "");
}

TEST_F(StoreInMemory, FindsTheLastRun) {
    EXPECT_EQ(store_->find_run("last"), std::nullopt);
    finish(1);
    finish(2, Outcome::failed);
    const RunInfo other = make_run(3, "cleanup", "test");
    finish(3, Outcome::ok, {}, &other);
    EXPECT_EQ(store_->find_run("last")->id, 3);
    EXPECT_EQ(store_->find_run("last", "prod")->id, 2);
    EXPECT_EQ(store_->find_run("last:lag")->id, 2);
    EXPECT_EQ(store_->find_run("last-ok:lag")->id, 1);
    EXPECT_EQ(store_->find_run("last-ok:cleanup", "prod"), std::nullopt);
    EXPECT_EQ(store_->find_run("last:rotate"), std::nullopt);
}

TEST_F(StoreInMemory, FindsARunByTheBeginningOrEndOfItsId) {
    RunInfo first = make_run(1);
    first.uid = "019de7a1-aaaa-7000-8000-0000deadbeef";
    RunInfo second = make_run(2);
    second.uid = "019de7a2-bbbb-7000-8000-00000badcafe";
    finish(1, Outcome::ok, {}, &first);
    finish(2, Outcome::ok, {}, &second);
    for (const char* selector : {"019de7a1",
                                 "deadbeef",
                                 "DEADBEEF",
                                 "f",
                                 "019DE7A1-AAAA-",
                                 "019de7a1-aaaa-7000-8000-0000deadbeef"}) {
        EXPECT_EQ(store_->find_run(selector)->id, 1) << selector;
    }
    EXPECT_EQ(store_->find_run("badcafe")->id, 2);
    for (const char* selector :
         {"aaaa", "019de7a3", "-", "019de7a1-aaaa-7000-8000-0000deadbeef0"}) {
        EXPECT_EQ(store_->find_run(selector), std::nullopt) << selector;
    }
}

TEST_F(StoreInMemory, ListsTheCandidatesOfAnAmbiguousId) {
    finish(1);
    finish(2, Outcome::failed);
    std::string message;
    try {
        static_cast<void>(store_->find_run("019de7a1"));
    } catch (const UsageError& error) {
        message = error.what();
    }
    EXPECT_EQ(message,
              "'019de7a1' may mean several runs: give more of the id; they are\n"
              "  019de7a1-1111-7abc-8def-000000000002  2026-05-03T03:11:37.123Z lag prod failed\n"
              "  019de7a1-1111-7abc-8def-000000000001  2026-05-03T03:10:37.123Z lag prod ok");
    EXPECT_EQ(store_->find_run("1")->id, 1) << "one begins so, none other ends so";
}

TEST_F(StoreInMemory, PrefersAWholeIdToLongerOnesThatContainIt) {
    RunInfo first = make_run(1);
    first.uid = "abc";
    RunInfo second = make_run(2);
    second.uid = "abcabc";
    finish(1, Outcome::ok, {}, &first);
    finish(2, Outcome::ok, {}, &second);
    EXPECT_EQ(store_->find_run("abc")->id, 1);
}

TEST_F(StoreInMemory, RefusesASelectorThatIsNone) {
    for (const char* selector :
         {"", "lag", "last:", "last-ok", "last-ok:", "019d%", "019d_", "Last", "%"}) {
        EXPECT_THROW(static_cast<void>(store_->find_run(selector)), UsageError) << selector;
    }
}

TEST_F(StoreInMemory, ComparesMetricsWithTheRunBefore) {
    Report before;
    before.metrics = {{.name = "groups", .value = 5},
                      {.name = "lag", .value = 100, .labels = {{"group", "a"}}},
                      {.name = "gone", .value = 1}};
    finish(1, Outcome::ok, before);
    finish(2, Outcome::skipped);
    const RunInfo other = make_run(3, "lag", "test");
    finish(3, Outcome::ok, {}, &other);
    Report now;
    now.metrics = {{.name = "groups", .value = 6, .unit = ""},
                   {.name = "lag", .value = 90, .labels = {{"group", "a"}}},
                   {.name = "lag", .value = 1, .labels = {{"group", "b"}}}};
    const std::int64_t id = finish(4, Outcome::ok, now);

    const RunDetails details = store_->run_details(id);
    EXPECT_EQ(details.previous_uid, make_uid(1));
    ASSERT_EQ(details.metrics.size(), 3U);
    EXPECT_EQ(details.metrics[0].name, "groups");
    EXPECT_EQ(details.metrics[0].kind, "gauge");
    EXPECT_EQ(details.metrics[0].value, 6);
    EXPECT_EQ(details.metrics[0].previous, 5);
    EXPECT_EQ(details.metrics[1].label, "group=a");
    EXPECT_EQ(details.metrics[1].previous, 100);
    EXPECT_EQ(details.metrics[2].label, "group=b");
    EXPECT_EQ(details.metrics[2].previous, std::nullopt);
    EXPECT_EQ(store_->run_details(1).metrics[0].previous, std::nullopt);
}

TEST_F(StoreInMemory, ShowsFindingsAsARunSawThem) {
    Report both;
    both.findings = {make_finding("a"), make_finding("b", Severity::critical)};
    Report only_b;
    only_b.findings = {make_finding("b", Severity::critical)};
    const std::int64_t first = finish(1, Outcome::ok, both);
    const std::int64_t second = finish(2, Outcome::ok, only_b);
    const std::int64_t third = finish(3, Outcome::ok, only_b);

    const auto words = [&](std::int64_t id) {
        std::string text;
        for (const StoredFinding& found : store_->run_details(id).findings) {
            text += found.finding.subject + ":" + std::string(to_string(found.status)) + " ";
        }
        return text;
    };
    EXPECT_EQ(words(first), "b:new a:new ");
    EXPECT_EQ(words(second), "b:open a:resolved ");
    EXPECT_EQ(words(third), "b:open ");
}

TEST_F(StoreInMemory, ShowsActionsWithTheirReasons) {
    Report report;
    report.actions = {{.kind = "delete",
                       .subject = "logs-1",
                       .reason = "34 d old",
                       .state = ActionState::failed,
                       .bytes = 9,
                       .error = "403",
                       .started_at = first_start}};
    const RunDetails details = store_->run_details(finish(1, Outcome::partial, report));
    ASSERT_EQ(details.actions.size(), 1U);
    EXPECT_EQ(details.actions[0].seq, 1);
    EXPECT_EQ(details.actions[0].state, "failed");
    EXPECT_EQ(details.actions[0].reason, "34 d old");
    EXPECT_EQ(details.actions[0].bytes, 9);
    EXPECT_EQ(details.actions[0].error, "403");
    EXPECT_EQ(details.actions[0].started_at, first_start);
    EXPECT_EQ(details.actions[0].ended_at, std::nullopt);
}

TEST_F(StoreInMemory, GivesThePointsOfOneSeriesFromATimeOn) {
    for (int number = 1; number <= 3; ++number) {
        Report report;
        report.samples = {{"lag", {{"group", "a"}}, 10.0 * number}, {"lag", {{"group", "b"}}, 1}};
        finish(number, Outcome::ok, report);
    }
    const std::vector<Label> labels{{"group", "a"}};
    const auto all = store_->samples("lag", "prod", labels, WallTime());
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].last, 10);
    EXPECT_EQ(all[2].last, 30);
    EXPECT_EQ(all[0].length, std::chrono::seconds(60));
    EXPECT_EQ(store_->samples("lag", "prod", labels, all[1].start).size(), 2U);
    EXPECT_EQ(store_->samples("lag", "test", labels, WallTime()).size(), 0U);
    EXPECT_EQ(store_->samples("lag", "prod", {}, WallTime()).size(), 0U);
}

TEST_F(StoreInMemory, TellsHowAJobStands) {
    EXPECT_FALSE(store_->job_status("lag", "prod").has_value());
    finish(1);
    finish(2, Outcome::failed);
    finish(3, Outcome::skipped);
    const auto status = store_->job_status("lag", "prod");
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(status->last_outcome, "skipped");
    EXPECT_EQ(status->bad_streak, 1);
    EXPECT_EQ(status->skip_streak, 1);
    EXPECT_EQ(status->last_ok, first_start + std::chrono::milliseconds(62'500));
}

TEST_F(StoreInMemory, LosesRunsFromBeforeTheBootButNotThoseUnderWayOrElsewhere) {
    const std::int64_t alive = store_->begin_run(make_run(1));
    RunInfo old = make_run(2);
    old.boot_id = "boot-0";
    const std::int64_t lost = store_->begin_run(old);
    RunInfo elsewhere = make_run(3);
    elsewhere.host = "agent-2";
    elsewhere.boot_id = "boot-7";
    store_->begin_run(elsewhere);

    const auto marked = store_->mark_lost_runs("agent-1", "boot-1", first_start);
    ASSERT_EQ(marked.size(), 1U);
    EXPECT_EQ(marked[0].id, lost);
    EXPECT_EQ(marked[0].uid, old.uid);
    EXPECT_EQ(marked[0].job, "lag");
    EXPECT_EQ(marked[0].target, "prod");
    const RunRow row = store_->run_details(lost).run;
    EXPECT_EQ(row.outcome, "lost");
    EXPECT_EQ(row.error_code, "lost");
    EXPECT_EQ(row.ended_at, std::nullopt) << "nobody knows when";
    EXPECT_EQ(store_->run_details(alive).run.outcome, "running");
    EXPECT_EQ(list({.outcome = "running"}), "3 1");
    EXPECT_EQ(store_->job_status("lag", "prod")->bad_streak, 1);
    EXPECT_TRUE(store_->mark_lost_runs("agent-1", "boot-1", first_start).empty());
}

TEST_F(StoreInMemory, DoesNotLoseARunForABootIdThatIsNotKnown) {
    store_->begin_run(make_run(1));
    EXPECT_TRUE(store_->mark_lost_runs("agent-1", "", first_start).empty());
}

TEST_F(StoreInMemory, NotesTheDeliveryOfMetricsAfterTheEnd) {
    const std::int64_t id = finish(1);
    finish(2);
    store_->record_delivery(id, 40, 2);
    EXPECT_EQ(store_->run_details(id).run.metrics_sent, 40);
    EXPECT_EQ(store_->run_details(id).run.metrics_dropped, 2);
    EXPECT_EQ(store_->run_details(id + 1).run.metrics_sent, 0);
}

TEST_F(StoreInMemory, FailsForARunThatIsNotThere) {
    EXPECT_THROW(static_cast<void>(store_->run_details(99)), StoreError);
    const Report report;
    EXPECT_THROW(store_->close_run(99, make_close(report, 1)), StoreError);
}

TEST_F(StoreInMemory, RefusesASecondRunOfTheSameId) {
    store_->begin_run(make_run(1));
    EXPECT_THROW(store_->begin_run(make_run(1)), StoreError);
    EXPECT_EQ(list({}), "1");
}

TEST(SqliteLibrary, TellsItsVersion) {
    EXPECT_EQ(sqlite_library_version().substr(0, 2), "3.");
}

}  // namespace

}  // namespace caretaker
