// SPDX-License-Identifier: Apache-2.0
// Migrations of files: the copy made before, and several processes at once.
#include "common/base/error.hpp"
#include "common/store/database.hpp"
#include "common/store/migrations.hpp"
#include "common/store/run_lock.hpp"
#include "tests/integration/store/forked_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

const std::vector<Migration> steps{
    {1, "CREATE TABLE t(x INTEGER) STRICT; INSERT INTO t VALUES(1)"},
    {2, "INSERT INTO t VALUES(2)"},
    {3, "INSERT INTO t VALUES(3)"},
    {4, "INSERT INTO t VALUES(4)"},
};

class MigratedFile : public testing::Test {
 protected:
    void migrate_to(std::size_t version) {
        Database database(path_, Database::Access::read_write, BusyWait{});
        migrate(database, {steps.data(), version});
    }

    std::int64_t rows_of(const std::string& path) {
        const Database database(path, Database::Access::read_only, BusyWait{});
        return database.integer("SELECT count(*) FROM t");
    }

    std::set<std::string> files() {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(directory_.path())) {
            if (entry.path().filename() != "runs.lock") {
                names.insert(entry.path().filename());
            }
        }
        return names;
    }

    TempDir directory_;
    std::string path_ = directory_.file("c.db");
};

TEST_F(MigratedFile, IsNotCopiedWhenItIsNew) {
    migrate_to(1);
    EXPECT_EQ(files(), (std::set<std::string>{"c.db"}));
}

TEST_F(MigratedFile, IsCopiedBeforeItsFirstChange) {
    migrate_to(1);
    migrate_to(3);
    EXPECT_EQ(files(), (std::set<std::string>{"c.db", "c.db.bak-v1"}));
    EXPECT_EQ(rows_of(path_ + ".bak-v1"), 1);
    EXPECT_EQ(rows_of(path_), 3);

    struct stat status {};

    ASSERT_EQ(::stat((path_ + ".bak-v1").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(MigratedFile, KeepsTheTwoNewestCopies) {
    for (std::size_t version = 1; version <= 4; ++version) {
        migrate_to(version);
    }
    EXPECT_EQ(files(), (std::set<std::string>{"c.db", "c.db.bak-v2", "c.db.bak-v3"}));
    EXPECT_EQ(rows_of(path_ + ".bak-v3"), 3);
}

TEST_F(MigratedFile, KeepsItsCopyWhenAStepFails) {
    migrate_to(1);
    Database database(path_, Database::Access::read_write, BusyWait{});
    const std::vector<Migration> broken{steps[0], steps[1], {3, "INSERT INTO nowhere VALUES(1)"}};
    EXPECT_THROW(migrate(database, broken), StoreError);
    EXPECT_EQ(rows_of(path_), 1);
    EXPECT_EQ(rows_of(path_ + ".bak-v1"), 1);
}

TEST_F(MigratedFile, IsMigratedOnceByManyProcesses) {
    migrate_to(1);
    Database(path_, Database::Access::read_write, BusyWait{}).execute("PRAGMA journal_mode = WAL");
    std::vector<ForkedProcess> processes;
    for (int i = 0; i < 8; ++i) {
        processes.emplace_back([&](const ParentLink&) { migrate_to(4); });
    }
    for (ForkedProcess& process : processes) {
        EXPECT_EQ(process.wait(), "");
    }
    EXPECT_EQ(rows_of(path_), 4);
    EXPECT_EQ(rows_of(path_ + ".bak-v1"), 1);
    EXPECT_FALSE(std::ranges::any_of(
        files(), [](const std::string& name) { return name.ends_with(".tmp"); }));
}

TEST_F(MigratedFile, IsRidOfThePiecesThatKilledProcessesLeft) {
    migrate_to(1);
    const auto touch = [this](const std::string& suffix) {
        std::ofstream(path_ + suffix) << "half a copy";
    };
    touch(".bak-v1.tmp");
    touch(".bak-v1.tmp-journal");
    touch(".bak-v1.4711.tmp");  // the form of earlier versions
    touch(".bak-vogue");        // somebody's own
    migrate_to(2);
    EXPECT_EQ(files(), (std::set<std::string>{"c.db", "c.db.bak-v1", "c.db.bak-vogue"}));
    EXPECT_EQ(rows_of(path_ + ".bak-v1"), 1);
}

TEST_F(MigratedFile, LeavesTheCopyThatAnotherProcessIsAtAlone) {
    migrate_to(1);
    const auto other = RunLock::take(run_lock_path(path_), migration_lock);
    ASSERT_TRUE(other);
    std::ofstream(path_ + ".bak-v1.tmp") << "half a copy";
    Database database(path_, Database::Access::read_write, BusyWait{});
    EXPECT_THROW(migrate(database, {steps.data(), 2}, std::chrono::milliseconds(30)), StoreError);
    EXPECT_EQ(files(), (std::set<std::string>{"c.db", "c.db.bak-v1.tmp"}));
    EXPECT_EQ(rows_of(path_), 1);
}

/// Rows enough that copying them takes a while, and a kill meets any part of the migration.
TEST_F(MigratedFile, IsWholeWhereverAKillMeetsTheMigration) {
    const std::string fill =
        "CREATE TABLE pad(x TEXT) STRICT; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
        "FROM n WHERE i < 4000) INSERT INTO pad SELECT hex(zeroblob(400)) FROM n";
    migrate_to(1);
    Database(path_, Database::Access::read_write, BusyWait{}).execute(fill);
    constexpr int kills = 12;
    for (int kill = 0; kill < kills; ++kill) {
        ForkedProcess process([&](const ParentLink& parent) {
            parent.signal();
            migrate_to(4);
        });
        ASSERT_TRUE(process.wait_for_byte());
        // Copying in this process takes about as long as in that one: no clock is needed.
        Database reader(path_, Database::Access::read_only, BusyWait{});
        for (int i = 0; i < kill * 4; ++i) {
            static_cast<void>(reader.integer("SELECT sum(length(x)) FROM pad"));
        }
        process.kill();
        const std::int64_t rows = rows_of(path_);
        EXPECT_TRUE(rows == 1 || rows == 4) << rows;
        EXPECT_EQ(
            Database(path_, Database::Access::read_only, BusyWait{}).text("PRAGMA integrity_check"),
            "ok");
    }
    migrate_to(4);
    EXPECT_EQ(rows_of(path_), 4);
    EXPECT_EQ(rows_of(path_ + ".bak-v1"), 1);
    EXPECT_EQ(files().size(), 2U) << "a piece was left";
}

}  // namespace

}  // namespace caretaker
