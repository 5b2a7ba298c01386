// SPDX-License-Identifier: Apache-2.0
// What pruning takes from the tables and what it leaves.
#include "common/store/store_pruner.hpp"

#include "common/store/database.hpp"
#include "common/store/metric_thinning.hpp"
#include "common/store/run_queries.hpp"
#include "common/store/run_row.hpp"
#include "common/store/schema.hpp"
#include "common/store/time_columns.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace caretaker {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr WallTime now{days(20'000)};
constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

class PrunedStore : public testing::Test {
 protected:
    PrunedStore() {
        database_.execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA foreign_keys = ON");
        migrate(database_, schema_steps());
    }

    /// Adds a run with one metric and one action.
    std::int64_t add_run(std::chrono::milliseconds age,
                         const std::string& job = "lag",
                         const std::string& outcome = "ok") {
        const std::int64_t id = ++runs_;
        insert_run_row(database_,
                       {.id = id,
                        .uid = make_uid(static_cast<int>(id)),
                        .job = job,
                        .started_at = now - age,
                        .outcome = outcome});
        database_.execute(
            "INSERT OR IGNORE INTO metric_names(id, name, kind) "
            "VALUES(1, 'lag.groups', 'gauge')");
        database_.prepare("INSERT INTO run_metrics(run_id, metric_id, value) VALUES(?, 1, 1)")
            .with(id)
            .run();
        database_
            .prepare(
                "INSERT INTO actions(run_id, seq, kind, subject, state, started_ms, reason) "
                "VALUES(?, 1, 'delete', 'a', 'done', 0, 'old')")
            .with(id)
            .run();
        return id;
    }

    void add_sample(std::int64_t res, std::chrono::milliseconds age, double value) {
        database_.execute("INSERT OR IGNORE INTO series VALUES(1, 'lag', '', 'group=a')");
        database_.prepare("INSERT INTO samples VALUES(1, ?, ?, 1, ?3, ?3, ?3, ?3)")
            .with(res, to_milliseconds(now - age), value)
            .run();
    }

    PruneResult prune(bool dry_run = false) {
        return StorePruner(database_, no_limit)
            .prune({.retention = retention_, .now = now, .dry_run = dry_run});
    }

    [[nodiscard]] std::int64_t count(const std::string& from) const {
        return database_.integer("SELECT count(*) FROM " + from);
    }

    static std::int64_t rows(const PruneResult& result, std::string_view name) {
        for (const PruneCount& one : result.counts) {
            if (one.name == name) {
                return one.rows;
            }
        }
        ADD_FAILURE() << "no step " << name;
        return -1;
    }

    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
    Retention retention_{.runs_per_job = 2};
    std::int64_t runs_ = 0;
};

TEST_F(PrunedStore, LosesOldRunsWithTheirActionsAndMetrics) {
    add_run(days(401));
    add_run(days(400) + std::chrono::milliseconds(1), "lag", "failed");
    add_run(days(400));  // exactly as old as the limit
    add_run(days(1));
    EXPECT_EQ(rows(prune(), "runs"), 2);
    EXPECT_EQ(count("runs"), 2);
    EXPECT_EQ(count("actions"), 2);
    EXPECT_EQ(count("run_metrics"), 2);
}

TEST_F(PrunedStore, KeepsTheLastRunsOfARareJobWhateverTheirAge) {
    for (int i = 0; i < 4; ++i) {
        add_run(days(500 + i), "rare");
        add_run(days(500 + i), "other");
    }
    EXPECT_EQ(rows(prune(), "runs"), 4);
    EXPECT_EQ(count("runs WHERE id > 4"), 0) << "the newest have the smallest ids here";
    EXPECT_EQ(count("runs"), 4);
}

TEST_F(PrunedStore, KeepsARunThatHasNotEnded) {
    add_run(days(900), "lag", "running");
    for (int i = 0; i < 3; ++i) {
        add_run(days(1));
    }
    EXPECT_EQ(rows(prune(), "runs"), 0);
}

TEST_F(PrunedStore, KeepsMetricsOfOneRunAnHourOnceTheyAreOld) {
    add_run(days(31) - minutes(1));
    const std::int64_t kept = add_run(days(31) - minutes(30));
    add_run(days(31) - minutes(40), "lag", "failed");
    add_run(days(29));
    add_run(days(29) - minutes(1));
    EXPECT_EQ(rows(prune(), "run_metrics"), 2);
    EXPECT_EQ(count(fmt::format("run_metrics WHERE run_id = {}", kept)), 1);
    EXPECT_EQ(count("run_metrics"), 3);
    EXPECT_EQ(count("runs"), 5);
    EXPECT_EQ(rows(prune(), "run_metrics"), 0);
}

TEST_F(PrunedStore, GoesOnThinningAfterATimeWithAWrongClock) {
    StorePruner(database_, no_limit).prune({.retention = retention_, .now = now + days(5000)});
    add_run(days(40));
    add_run(days(40) - minutes(1));
    EXPECT_EQ(rows(prune(), "run_metrics"), 0) << "goes back to the right time";
    restart_metric_thinning(database_, now - days(41));
    EXPECT_EQ(rows(prune(), "run_metrics"), 1);
}

TEST_F(PrunedStore, RollsSamplesUpAsTheyAge) {
    for (int minute = 0; minute < 10; ++minute) {
        add_sample(60, days(8) - minutes(minute), minute + 1);
    }
    add_sample(60, days(6), 7);
    EXPECT_EQ(rows(prune(), "samples of 60 s"), 10);
    EXPECT_EQ(count("samples"), 2);
    EXPECT_EQ(count(fmt::format("samples WHERE res = 600 AND bucket = {} AND n = 10 AND vmin = 1 "
                                "AND vmax = 10 AND vsum = 55 AND vlast = 10",
                                to_milliseconds(now - days(8)))),
              1);
}

TEST_F(PrunedStore, GivesBackSamplesOfAllResolutionsInTheOrderOfTime) {
    add_sample(60, days(100), 1);
    add_sample(60, days(10), 2);
    add_sample(60, days(1), 3);
    prune();
    const auto points =
        fetch_samples(database_, "lag", "", std::vector<Label>{{"group", "a"}}, now - days(200));
    ASSERT_EQ(points.size(), 3U);
    EXPECT_EQ(points[0].length, hours(1));
    EXPECT_EQ(points[1].length, minutes(10));
    EXPECT_EQ(points[2].length, minutes(1));
    EXPECT_EQ(points[2].last, 3);
}

TEST_F(PrunedStore, AddsToACoarseSampleThatIsThere) {
    add_sample(600, days(8), 100);
    add_sample(60, days(8) - minutes(5), 3);
    prune();
    EXPECT_EQ(count("samples WHERE res = 600 AND n = 2 AND vmin = 3 AND vmax = 100 AND vsum = 103 "
                    "AND vlast = 3"),
              1);
}

TEST_F(PrunedStore, TakesOldSamplesThroughAllResolutionsAtOnceAndThenTheirSeries) {
    add_sample(60, days(36), 1);
    prune();
    EXPECT_EQ(count("samples WHERE res = 3600"), 1);
    EXPECT_EQ(count("samples"), 1);
    database_.execute(
        fmt::format("UPDATE samples SET bucket = {}", to_milliseconds(now - days(401))));
    const PruneResult result = prune();
    EXPECT_EQ(rows(result, "samples of 3600 s"), 1);
    EXPECT_EQ(rows(result, "series"), 1);
}

TEST_F(PrunedStore, RollsUpMoreRowsThanOneTransactionTakes) {
    database_.execute("INSERT INTO series VALUES(1, 'lag', '', ''), (2, 'lag', '', 'b')");
    database_
        .prepare(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2999) "
            "INSERT INTO samples SELECT s, 60, ? + i * 60000, 1, i, i, i, i FROM n, (SELECT 1 "
            "AS s UNION SELECT 2)")
        .with(to_milliseconds(now - days(20)))
        .run();
    EXPECT_EQ(rows(prune(), "samples of 60 s"), 6000);
    EXPECT_EQ(count("samples WHERE res = 600 AND n = 10"), 600);
    EXPECT_EQ(database_.integer("SELECT sum(vsum) FROM samples WHERE series_id = 2"),
              2999 * 3000 / 2);
    EXPECT_EQ(count("samples WHERE vlast <> vmax"), 0);
}

TEST_F(PrunedStore, ForgetsFindingsThatWereResolvedLongAgo) {
    const auto add = [&](int id, const std::string& resolved) {
        database_.execute(fmt::format(
            "INSERT INTO findings(id, job, target, fingerprint, code, severity, subject, message, "
            "first_seen_ms, last_seen_ms, first_run, last_run, resolved_ms) "
            "VALUES({0}, 'lag', '', '{0}', 'c', 1, 's', 'm', 0, 0, 1, 1, {1})",
            id,
            resolved));
    };
    add(1, "NULL");
    add(2, std::to_string(to_milliseconds(now - days(401))));
    add(3, std::to_string(to_milliseconds(now - days(399))));
    EXPECT_EQ(rows(prune(), "findings"), 1);
    EXPECT_EQ(count("findings WHERE id = 2"), 0);
}

TEST_F(PrunedStore, KeepsTheNewestOfOutboxSnapshotsAndEvents) {
    retention_.outbox_bytes = 25;
    retention_.snapshots = 1;
    for (int i = 1; i <= 4; ++i) {
        database_
            .prepare(
                "INSERT INTO outbox(dest, doc_id, body, created_ms, next_ms) "
                "VALUES('es', ?1, '0123456789', ?2, 0)")
            .with(i, to_milliseconds(now - (i == 1 ? days(8) : days(1))))
            .run();
        database_.prepare("INSERT INTO snapshots VALUES('lag', ?2, ?1, 1, 'vi-delta1', x'00')")
            .with(i, i % 2 == 0 ? "a" : "b")
            .run();
        database_.prepare("INSERT INTO events(at_ms, kind, subject) VALUES(?, 'note', '')")
            .with(to_milliseconds(now - days(798 + i)))
            .run();
    }
    const PruneResult result = prune();
    EXPECT_EQ(rows(result, "outbox"), 2) << "one too old, one too many";
    EXPECT_EQ(count("outbox WHERE doc_id IN ('3', '4')"), 2);
    EXPECT_EQ(rows(result, "snapshots"), 2);
    EXPECT_EQ(count("snapshots WHERE taken_ms IN (3, 4)"), 2);
    EXPECT_EQ(rows(result, "events"), 2);
}

TEST_F(PrunedStore, CountsTheSameInADryRunAndChangesNothing) {
    for (int i = 0; i < 70; ++i) {
        add_run(days(500) + minutes(i));
        add_run(days(40) + minutes(i % 50));
    }
    for (int i = 0; i < 30; ++i) {
        add_sample(60, days(100) - minutes(i), i);
    }
    const std::int64_t before = database_.integer("SELECT total_changes()");
    const PruneResult dry = prune(true);
    EXPECT_EQ(database_.integer("SELECT total_changes()"), before);
    const PruneResult real = prune();
    for (const std::string name : {"runs", "samples of 60 s", "findings", "snapshots"}) {
        EXPECT_EQ(rows(dry, name), rows(real, name)) << name;
    }
    EXPECT_EQ(rows(real, "runs"), 70);
}

TEST_F(PrunedStore, IsDueAfterADayAndAfterAClockThatWasWrong) {
    StorePruner pruner(database_, no_limit);
    EXPECT_TRUE(pruner.is_due(now));
    prune();
    EXPECT_FALSE(pruner.is_due(now));
    EXPECT_FALSE(pruner.is_due(now + hours(24) - minutes(1)));
    EXPECT_TRUE(pruner.is_due(now + hours(24)));
    EXPECT_TRUE(pruner.is_due(now - minutes(1))) << "the clock went back";
}

TEST_F(PrunedStore, StopsBetweenTransactionsAndComesBackSoon) {
    for (int i = 0; i < 200; ++i) {
        add_run(days(500) + minutes(i));
    }
    int asked = 0;
    StorePruner pruner(database_, no_limit);
    const PruneResult result =
        pruner.prune({.retention = retention_, .now = now, .enough = [&] { return ++asked > 2; }});
    EXPECT_FALSE(result.finished);
    EXPECT_EQ(rows(result, "runs"), 120) << "two transactions";
    EXPECT_EQ(count("runs"), 80);
    EXPECT_TRUE(pruner.is_due(now + minutes(15)));
    EXPECT_EQ(rows(prune(), "runs"), 78);
}

TEST_F(PrunedStore, GivesThePagesBack) {
    for (int i = 0; i < 500; ++i) {
        add_run(days(500) + minutes(i));
    }
    const PruneResult result = prune();
    EXPECT_EQ(fetch_page_use(database_).free_pages, 0U);
    EXPECT_LT(result.bytes_after, result.bytes_before);
    EXPECT_EQ(result.bytes_after, fetch_page_use(database_).file_bytes());
}

TEST_F(PrunedStore, GetsHarderUntilTheFileFits) {
    database_.execute("INSERT INTO series VALUES(1, 'lag', '', '')");
    database_
        .prepare(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9599) "
            "INSERT INTO samples SELECT 1, 3600, ? + i * 3600000, 1, i, i, i, i FROM n")
        .with(to_milliseconds(now - days(400)))
        .run();
    const std::uint64_t full = fetch_page_use(database_).used_bytes();
    StorePruner pruner(database_, full * 8 / 10);
    const PruneResult result = pruner.prune({.retention = retention_, .now = now});
    EXPECT_EQ(result.level, 1);
    EXPECT_FALSE(result.nearly_full);
    EXPECT_EQ(count("samples"), 4800);
    EXPECT_FALSE(pruner.is_due(now + hours(23)));
}

TEST_F(PrunedStore, SaysWhenEvenTheHardestLevelIsNotEnough) {
    add_run(days(1));
    StorePruner pruner(database_, 1000);
    const PruneResult result = pruner.prune({.retention = retention_, .now = now});
    EXPECT_EQ(result.level, hardest_prune);
    EXPECT_TRUE(result.nearly_full);
    EXPECT_EQ(count("runs"), 1);
    EXPECT_TRUE(pruner.is_due(now + hours(1)));
}

}  // namespace

}  // namespace caretaker
