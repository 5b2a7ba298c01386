// SPDX-License-Identifier: Apache-2.0
// Schema steps: order, atomicity, and the tables of version 1.
#include "common/store/migrations.hpp"

#include "common/store/database.hpp"
#include "common/store/schema.hpp"
#include "common/store/store.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {

namespace {

Database open_memory() {
    return {":memory:", Database::Access::read_write, BusyWait{}};
}

const std::vector<Migration> steps{
    {1, "CREATE TABLE first(x INTEGER) STRICT; INSERT INTO first VALUES(1)"},
    {2, "ALTER TABLE first ADD COLUMN y INTEGER; UPDATE first SET y = x + 1"},
    {3, "INSERT INTO first VALUES(10, 20)"},
};

TEST(Migrations, LeadAnEmptyDatabaseToTheNewestVersion) {
    Database database = open_memory();
    migrate(database, steps);
    EXPECT_EQ(database.integer("PRAGMA user_version"), 3);
    EXPECT_EQ(database.integer("SELECT sum(y) FROM first"), 22);
}

TEST(Migrations, ApplyOnlyTheStepsThatAreMissing) {
    Database database = open_memory();
    migrate(database, {steps.data(), 2});
    migrate(database, steps);
    migrate(database, steps);
    EXPECT_EQ(database.integer("SELECT count(*) FROM first"), 2);
}

TEST(Migrations, LeaveALaterVersionAlone) {
    Database database = open_memory();
    database.execute("PRAGMA user_version = 9");
    migrate(database, steps);
    EXPECT_EQ(database.integer("PRAGMA user_version"), 9);
    EXPECT_EQ(database.integer("SELECT count(*) FROM sqlite_schema"), 0);
}

TEST(Migrations, ChangeNothingWhenOneStepFails) {
    Database database = open_memory();
    migrate(database, {steps.data(), 1});
    const std::vector<Migration> broken{steps[0], steps[1], {3, "INSERT INTO nowhere VALUES(1)"}};
    EXPECT_THROW(migrate(database, broken), StoreError);
    EXPECT_EQ(database.integer("PRAGMA user_version"), 1);
    EXPECT_THROW(database.execute("SELECT y FROM first"), StoreError);
    migrate(database, steps);
    EXPECT_EQ(database.integer("PRAGMA user_version"), 3);
}

TEST(Schema, HasItsTablesAllOfThemStrict) {
    Database database = open_memory();
    migrate(database, schema_steps());
    EXPECT_EQ(database.integer("PRAGMA user_version"), store_schema_version);
    EXPECT_EQ(database.integer("PRAGMA application_id"), application_id_of_store);
    EXPECT_EQ(
        database.text("SELECT group_concat(name, ' ') FROM (SELECT name FROM "
                      "pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' "
                      "AND strict = 1 ORDER BY name)"),
        "actions events findings holds job_status memory meta metric_names outbox run_metrics runs "
        "samples series snapshots state");
    EXPECT_EQ(database.text("SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema "
                            "WHERE type = 'index' AND sql IS NOT NULL ORDER BY name)"),
              "actions_subject actions_unsettled events_time findings_open outbox_due "
              "runs_bad runs_job_time runs_open runs_time samples_age");
}

TEST(Schema, SpellsTheApplicationIdAsLetters) {
    EXPECT_EQ(application_id_of_store, 'C' << 24U | 'T' << 16U | 'K' << 8U | 'R');
}

TEST(Schema, RefusesAnOutcomeThatIsNoWordOfOurs) {
    Database database = open_memory();
    migrate(database, schema_steps());
    EXPECT_THROW(database.execute(
                     "INSERT INTO runs(uid, job, started_ms, outcome, trigger, host, boot_id, "
                     "version, argv, "
                     "config_hash) VALUES('u', 'lag', 0, 'fine', 'cron', 'h', 'b', 'v', 'a', 'c')"),
                 StoreError);
}

}  // namespace

}  // namespace caretaker
