// SPDX-License-Identifier: Apache-2.0
// Processes that are killed: what the next one finds.
#include "common/store/database.hpp"
#include "common/store/store.hpp"
#include "tests/integration/store/forked_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace caretaker {

namespace {

class CrashedStore : public testing::TestWithParam<JournalOption> {
 protected:
    [[nodiscard]] std::unique_ptr<Store> open() const { return Store::open(options_); }

    /// A process that began run `number` and lives.
    ForkedProcess begin_elsewhere(int number) {
        ForkedProcess process([this, number](const ParentLink& parent) {
            const auto store = open();
            store->begin_run(make_run(number));
            parent.signal();
            ParentLink::wait_for_end();
        });
        EXPECT_TRUE(process.wait_for_byte());
        return process;
    }

    static std::string outcome_of(const Store& store, int number) {
        return store.find_run(make_uid(number))->outcome;
    }

    TempDir directory_;
    StoreOptions options_{.path = directory_.file("c.db"), .journal = GetParam()};
};

TEST_P(CrashedStore, RollsBackWhatATransactionHadWritten) {
    open()->begin_run(make_run(1));
    ForkedProcess process([this](const ParentLink& parent) {
        Database raw(options_.path, Database::Access::read_write, BusyWait{});
        raw.execute("PRAGMA cache_size = 1");  // so that pages are on disk before the commit
        const Transaction transaction(raw);
        for (int i = 0; i < 2000; ++i) {
            raw.prepare("INSERT INTO events(at_ms, kind, subject) VALUES(?, 'note', ?)")
                .with(i, std::string(500, 'x'))
                .run();
        }
        raw.execute("UPDATE runs SET outcome = 'ok'");
        parent.signal();
        ParentLink::wait_for_end();
    });
    ASSERT_TRUE(process.wait_for_byte());
    process.kill();

    const auto store = open();
    EXPECT_EQ(outcome_of(*store, 1), "running");
    store->begin_run(make_run(2));
    EXPECT_EQ(store->runs({}).size(), 2U);
    const Database raw(options_.path, Database::Access::read_write, BusyWait{});
    EXPECT_EQ(raw.integer("SELECT count(*) FROM events"), 0);
    EXPECT_EQ(raw.text("PRAGMA integrity_check"), "ok");
}

TEST_P(CrashedStore, LosesRunsWhoseProcessWasKilledAndNoOthers) {
    ForkedProcess killed = begin_elsewhere(1);
    const ForkedProcess alive = begin_elsewhere(2);
    const auto store = open();
    const std::int64_t own = store->begin_run(make_run(3));
    EXPECT_TRUE(store->mark_lost_runs("agent-1", "boot-1", first_start).empty());

    killed.kill();
    EXPECT_TRUE(store->mark_lost_runs("agent-2", "boot-1", first_start).empty()) << "other host";
    const auto lost = store->mark_lost_runs("agent-1", "boot-1", first_start);
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost[0].uid, make_uid(1));
    EXPECT_EQ(outcome_of(*store, 1), "lost");
    EXPECT_EQ(outcome_of(*store, 2), "running");
    EXPECT_EQ(outcome_of(*store, 3), "running");

    const Report report;
    store->close_run(own, make_close(report, 3));
    EXPECT_TRUE(store->mark_lost_runs("agent-1", "boot-1", first_start).empty());
    EXPECT_EQ(outcome_of(*store, 3), "ok");
}

TEST_P(CrashedStore, LosesARunOfAStoreThatWasClosedWithoutClosingTheRun) {
    open()->begin_run(make_run(1));
    EXPECT_EQ(open()->mark_lost_runs("agent-1", "boot-1", first_start).size(), 1U);
}

TEST_P(CrashedStore, DoesNotAskForLocksOfAnEarlierBoot) {
    const ForkedProcess alive = begin_elsewhere(1);
    EXPECT_EQ(open()->mark_lost_runs("agent-1", "boot-2", first_start).size(), 1U);
}

TEST_P(CrashedStore, CallsTheActionsUnderWayUnknown) {
    ForkedProcess killed = begin_elsewhere(1);
    {
        const Database raw(options_.path, Database::Access::read_write, BusyWait{});
        raw.execute(
            "INSERT INTO actions(run_id, seq, kind, subject, state, started_ms, reason) VALUES"
            "(1, 1, 'delete', 'a', 'done', 0, 'old'), (1, 2, 'delete', 'b', 'started', 0, 'old')");
    }
    killed.kill();
    const auto store = open();
    store->mark_lost_runs("agent-1", "boot-1", first_start);
    const auto actions = store->run_details(1).actions;
    ASSERT_EQ(actions.size(), 2U);
    EXPECT_EQ(actions[0].state, "done");
    EXPECT_EQ(actions[1].state, "unknown");
    EXPECT_EQ(actions[1].ended_at, first_start);
}

TEST_P(CrashedStore, IsNotIrritatedByTheLocksOfAStoreInTheSameDirectory) {
    const ForkedProcess alive = begin_elsewhere(1);
    options_.path = directory_.file("other.db");
    const auto other = open();
    EXPECT_EQ(other->begin_run(make_run(1)), 2) << "byte 1 is taken";
    EXPECT_EQ(other->begin_run(make_run(2)), 3);
}

TEST_P(CrashedStore, FindsEachRunWholeOrNotAtAllWhereverTheKillHits) {
    constexpr int kills = 15;
    int number = 0;
    for (int i = 0; i < kills; ++i) {
        const int first = number;
        ForkedProcess process([&, first](const ParentLink& parent) {
            const auto store = open();
            for (int run = first; run < first + 1000; ++run) {
                Report report;
                report.metrics = {{.name = "a", .value = 1}, {.name = "b", .value = 1}};
                const std::int64_t id = store->begin_run(make_run(run));
                parent.signal();
                store->close_run(id, make_close(report, run));
                parent.signal();
            }
        });
        for (int bytes = 0; bytes <= i; ++bytes) {
            ASSERT_TRUE(process.wait_for_byte());
        }
        process.kill();
        number += 1000;
    }
    const auto store = open();
    const auto lost = store->mark_lost_runs("agent-1", "boot-1", first_start);
    EXPECT_LE(lost.size(), std::size_t{kills});
    const auto runs = store->runs({.limit = 100'000});
    EXPECT_GE(runs.size(), std::size_t{kills});
    for (const RunRow& run : runs) {
        const std::size_t metrics = store->run_details(run.id).metrics.size();
        EXPECT_EQ(metrics, run.outcome == "ok" ? 2U : 0U) << run.outcome;
    }
    const Database raw(options_.path, Database::Access::read_write, BusyWait{});
    EXPECT_EQ(raw.text("PRAGMA integrity_check"), "ok");
}

INSTANTIATE_TEST_SUITE_P(Journal,
                         CrashedStore,
                         testing::Values(JournalOption::wal, JournalOption::truncate),
                         [](const auto& journal) {
                             return journal.param == JournalOption::wal ? "Wal" : "Truncate";
                         });

}  // namespace

}  // namespace caretaker
