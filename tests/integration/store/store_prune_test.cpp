// SPDX-License-Identifier: Apache-2.0
// Pruning a file that several processes share, and pruning that is killed.
#include "common/store/database.hpp"
#include "common/store/run_lock.hpp"
#include "common/store/store.hpp"
#include "common/store/store_pruner.hpp"
#include "tests/integration/store/forked_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace caretaker {

namespace {

using std::chrono::days;

constexpr WallTime now = first_start + days(1000);

class PrunedFile : public testing::Test {
 protected:
    PrunedFile() { Store::open(options_)->begin_run(make_run(1)); }

    [[nodiscard]] Database raw() const { return {path_, Database::Access::read_write, BusyWait{}}; }

    /// Runs and samples that have had their time, more of them than a few transactions take. The
    /// values of all samples sum up to `sample_sum`.
    void fill() const {
        const Database database = raw();
        database.execute("BEGIN");
        database.execute(
            "INSERT INTO runs(id, uid, job, started_ms, outcome, trigger, host, boot_id, version, "
            "argv, config_hash) WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 609) SELECT i, 'u' || i, 'old', i, 'ok', 'cron', 'h', 'b', '1', '', '' "
            "FROM n");
        database.execute("INSERT INTO series VALUES(1, 'lag', '', '')");
        database.execute(
            "INSERT INTO samples WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 9999) SELECT 1, 60, i * 60000 + 1860000000000, 1, 1, 1, 1, 1 FROM n");
        database.execute("COMMIT");
    }

    static constexpr std::int64_t sample_sum = 10'000;

    TempDir directory_;
    std::string path_ = directory_.file("c.db");
    StoreOptions options_{.path = path_};
};

TEST_F(PrunedFile, IsPrunedOnceADay) {
    const auto store = Store::open(options_);
    EXPECT_TRUE(store->prune({.now = now}));
    EXPECT_FALSE(store->prune({.now = now + std::chrono::hours(23)}));
    EXPECT_TRUE(store->prune({.now = now, .always = true}));
    EXPECT_TRUE(store->prune({.now = now + std::chrono::hours(24)}));
}

TEST_F(PrunedFile, IsPrunedByOneProcessAtATime) {
    const auto other = RunLock::take(run_lock_path(path_), pruning_lock);
    ASSERT_TRUE(other);
    const auto store = Store::open(options_);
    EXPECT_FALSE(store->prune({.now = now}));
    EXPECT_FALSE(store->prune({.now = now, .always = true}));
    EXPECT_TRUE(store->prune({.now = now, .dry_run = true})) << "only counts";
}

TEST_F(PrunedFile, ShrinksOnDisk) {
    fill();
    raw().execute("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto before = std::filesystem::file_size(path_);
    Store::open(options_)->prune({.now = now});
    raw().execute("PRAGMA wal_checkpoint(TRUNCATE)");
    EXPECT_LT(std::filesystem::file_size(path_), before / 2);
}

TEST_F(PrunedFile, IsWholeWhereverAKillMeetsThePruning) {
    fill();
    constexpr int kills = 20;
    for (int kill = 1; kill <= kills; ++kill) {
        ForkedProcess process([&](const ParentLink& parent) {
            Store::open(options_)->prune({.now = now,
                                          .enough =
                                              [&] {
                                                  parent.signal();
                                                  return false;
                                              },
                                          .always = true});
        });
        // The n-th time it is between two transactions the kill comes, and meets the one after.
        bool lives = true;
        for (int byte = 0; lives && byte < kill; ++byte) {
            lives = process.wait_for_byte();
        }
        process.kill();
        const Database database = raw();
        EXPECT_EQ(database.text("PRAGMA integrity_check"), "ok");
        EXPECT_EQ(database.integer("SELECT sum(n) FROM samples"), sample_sum);
        EXPECT_EQ(database.integer("SELECT sum(vsum) FROM samples"), sample_sum);
        EXPECT_GE(database.integer("SELECT count(*) FROM runs WHERE job = 'old'"), 100);
    }
    const auto result = Store::open(options_)->prune({.now = now, .always = true});
    ASSERT_TRUE(result && result->finished) << "a lock was left";
    const Database database = raw();
    EXPECT_EQ(database.integer("SELECT count(*) FROM runs WHERE job = 'old'"), 100);
    EXPECT_EQ(database.integer("SELECT min(id) FROM runs WHERE job = 'old'"), 510);
    EXPECT_EQ(database.integer("SELECT count(*) FROM samples WHERE res = 60"), 0);
}

TEST_F(PrunedFile, LetsOthersWriteMeanwhile) {
    fill();
    int number = 1;
    const auto store = Store::open(options_);
    const auto other = Store::open(options_);
    const auto result = store->prune({.now = now, .enough = [&] {
                                          const Report report;
                                          const std::int64_t id =
                                              other->begin_run(make_run(++number));
                                          other->close_run(id, make_close(report, number));
                                          return false;
                                      }});
    ASSERT_TRUE(result && result->finished);
    EXPECT_GT(number, 10);
    EXPECT_EQ(store->runs({.job = "lag", .limit = 10'000}).size(),
              static_cast<std::size_t>(number));
}

}  // namespace

}  // namespace caretaker
