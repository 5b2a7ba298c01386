// SPDX-License-Identifier: Apache-2.0
// What the check of a whole store finds.
#include "common/store/full_check.hpp"

#include "common/store/database.hpp"
#include "common/store/schema.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {

namespace {

class CheckedStore : public testing::Test {
 protected:
    CheckedStore() { migrate(database_, schema_steps()); }

    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
};

TEST_F(CheckedStore, IsSoundWhenItIsNew) {
    EXPECT_TRUE(check_fully(database_).is_sound());
}

TEST_F(CheckedStore, NamesRowsWhoseRunIsNotThere) {
    database_.execute("PRAGMA foreign_keys = OFF");
    database_.execute(
        "INSERT INTO actions(run_id, seq, kind, subject, state, started_ms, reason) "
        "VALUES(7, 1, 'delete', 'a', 'done', 0, 'old')");
    const FullCheck check = check_fully(database_);
    EXPECT_EQ(check.foreign_keys,
              std::vector<std::string>{"actions 1: its row of runs is not there"});
    EXPECT_TRUE(check.integrity.empty());
    EXPECT_FALSE(check.is_sound());
}

TEST_F(CheckedStore, CountsTheRestOfMany) {
    database_.execute("PRAGMA foreign_keys = OFF");
    database_.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30) INSERT INTO "
        "run_metrics(run_id, metric_id, value) SELECT i, 1, 1 FROM n");
    const FullCheck check = check_fully(database_);
    ASSERT_EQ(check.foreign_keys.size(), 21U);
    EXPECT_EQ(check.foreign_keys.back(), "and 10 more rows");
}

TEST_F(CheckedStore, NamesTablesThatAreMissingOrDifferent) {
    database_.execute("DROP TABLE outbox; DROP INDEX runs_bad; CREATE INDEX runs_bad ON runs(job)");
    EXPECT_EQ(check_fully(database_).schema,
              (std::vector<std::string>{
                  "outbox is missing", "outbox_due is missing", "runs_bad is different"}));
}

TEST_F(CheckedStore, TakesWhatALaterVersionAddedForGranted) {
    database_.execute("CREATE TABLE later(x INTEGER) STRICT; PRAGMA user_version = 99");
    EXPECT_TRUE(check_fully(database_).is_sound());
}

}  // namespace

}  // namespace caretaker
