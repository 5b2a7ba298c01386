// SPDX-License-Identifier: Apache-2.0
// `caretaker cleanup --only store`: caretaker's own rows.
#include "common/store/database.hpp"
#include "tests/support/cleanup_host.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;

/// A store that was pruned today, and has 150 old runs of one job since; 100 of a job are kept.
class CleanupStore : public ::testing::Test {
 protected:
    CleanupStore() {
        EXPECT_EQ(run({"--dry-run"}).exit_code, 0);
        store().execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) INSERT "
            "INTO runs(uid, job, started_ms, outcome, trigger, host, boot_id, version, argv, "
            "config_hash) SELECT 'old-' || i, 'old', i, 'ok', 'cron', 'h', 'b', 'v', '', '' FROM "
            "n");
    }

    [[nodiscard]] Cleanup run(const Words& more) const {
        Words options{"--only", "store"};
        options.insert(options.end(), more.begin(), more.end());
        return host_.run_with("{}\n", options);
    }

    [[nodiscard]] std::string store_path() const { return host_.home().file("store/caretaker.db"); }

    [[nodiscard]] Database store() const {
        return {store_path(), Database::Access::read_write, BusyWait{}};
    }

    [[nodiscard]] std::int64_t old_runs() const {
        return store().integer("SELECT count(*) FROM runs WHERE job = 'old'");
    }

    CleanupHost host_{CARETAKER_BINARY};
};

TEST_F(CleanupStore, IsPlannedWithWhatWouldGoAndLeftAloneWithoutConsent) {
    const Cleanup planned = run({"--dry-run"});
    EXPECT_EQ(planned.exit_code, 0) << planned.out << planned.err;
    EXPECT_EQ(planned.rows, Words{"prune " + store_path() + " planned"});
    EXPECT_EQ(json_text(planned.json["rows"][0], "reason"),
              "kept longer than store.retention: 50 runs");
    EXPECT_NE(planned.summary().find("store: rows to be removed"), std::string::npos);
    EXPECT_EQ(old_runs(), 150);
}

TEST_F(CleanupStore, IsPrunedNowThoughItWasPrunedToday) {
    const Cleanup pruned = run({"--yes"});
    EXPECT_EQ(pruned.exit_code, 0) << pruned.out << pruned.err;
    EXPECT_EQ(pruned.rows, Words{"prune " + store_path() + " done"});
    EXPECT_NE(pruned.summary().find("store: 50 rows are gone"), std::string::npos)
        << pruned.summary();
    EXPECT_EQ(old_runs(), 100);

    const Cleanup again = run({"--yes"});
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_EQ(again.rows, Words{});
    EXPECT_NE(again.summary().find("store: nothing is too old"), std::string::npos)
        << again.summary();
}

TEST_F(CleanupStore, IsLeftAloneWhereItIsNotNamed) {
    host_.file("a.log", 10 * 24 * 3600);
    EXPECT_EQ(host_.run("older_than: 1d", {"--yes"}).exit_code, 0);
    EXPECT_EQ(old_runs(), 150);
}

}  // namespace
}  // namespace caretaker::testing
