// SPDX-License-Identifier: Apache-2.0
// Stores that are put aside: what moves, what stays, and what is refused.
#include "common/store/store_reset.hpp"

#include "common/store/database.hpp"
#include "common/store/run_lock.hpp"
#include "tests/integration/store/file_snapshot.hpp"
#include "tests/integration/store/forked_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

class StorePutAside : public testing::Test {
 protected:
    void make_store() const {
        const auto store = Store::open({.path = path_});
        const Report report;
        store->close_run(store->begin_run(make_run(1)), make_close(report, 1));
    }

    /// Leaves a run behind that stands in the -wal only.
    void kill_a_writer() const {
        ForkedProcess writer([&](const ParentLink& parent) {
            const auto store = Store::open({.path = path_});
            store->begin_run(make_run(2));
            parent.signal();
            ParentLink::wait_for_end();
        });
        ASSERT_TRUE(writer.wait_for_byte());
        writer.kill();
        ASSERT_GT(fs::file_size(path_ + "-wal"), 0U);
    }

    std::optional<StoreReset> reset() const {
        return put_store_aside({.path = path_, .busy_timeout = std::chrono::milliseconds(100)},
                               first_start);
    }

    std::string error_of_reset() const {
        try {
            reset();
        } catch (const StoreError& error) {
            return error.code() + ": " + error.what();
        }
        return "no error";
    }

    [[nodiscard]] std::set<std::string> names() const {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(directory_.path())) {
            names.insert(entry.path().filename());
        }
        names.erase("runs.lock");
        return names;
    }

    static std::size_t runs_in(const std::string& path) {
        const auto store = Store::open({.path = path, .read_only = true});
        return store == nullptr ? 0 : store->runs({}).size();
    }

    TempDir directory_;
    std::string path_ = directory_.file("c.db");
    std::string aside_ = path_ + ".corrupt-20260503T030937Z";
};

TEST_F(StorePutAside, HasANewNameAndAllItsRuns) {
    make_store();
    const auto result = reset();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->aside, aside_);
    ASSERT_EQ(result->files.size(), 1U);
    EXPECT_EQ(result->files[0].path, aside_);
    EXPECT_EQ(names(), (std::set<std::string>{"c.db.corrupt-20260503T030937Z"}));
    EXPECT_EQ(runs_in(aside_), 1U);
    EXPECT_EQ(runs_in(path_), 0U);
    make_store();
    EXPECT_EQ(runs_in(path_), 1U);
}

TEST_F(StorePutAside, TakesItsWriteAheadLogAlong) {
    make_store();
    kill_a_writer();
    ASSERT_TRUE(reset());
    EXPECT_FALSE(names().contains("c.db-wal"));
    EXPECT_EQ(runs_in(aside_), 2U);
}

TEST_F(StorePutAside, TakesTheLogOfADamagedFileAlong) {
    make_store();
    kill_a_writer();
    std::string bytes = read_bytes(path_);
    bytes.replace(0, 100, std::string(100, 'Z'));
    write_bytes(path_, bytes);
    const std::string wal = read_bytes(path_ + "-wal");
    ASSERT_TRUE(reset());
    EXPECT_EQ(read_bytes(aside_), bytes);
    EXPECT_EQ(read_bytes(aside_ + "-wal"), wal);
    EXPECT_FALSE(fs::exists(path_));
    EXPECT_FALSE(fs::exists(path_ + "-wal"));
}

TEST_F(StorePutAside, MayBeNoDatabaseAtAll) {
    write_bytes(path_, std::string(5000, 'x'));
    ASSERT_TRUE(reset());
    EXPECT_EQ(read_bytes(aside_), std::string(5000, 'x'));
    write_bytes(path_, "scrap");
    ASSERT_TRUE(reset());
    EXPECT_EQ(read_bytes(aside_ + "-2"), "scrap") << "the first name is taken";
}

TEST_F(StorePutAside, MayBeOfALaterVersion) {
    make_store();
    Database(path_, Database::Access::read_write, BusyWait{}).execute("PRAGMA user_version = 99");
    EXPECT_TRUE(reset());
}

TEST_F(StorePutAside, IsNotAnotherProgramsDatabase) {
    Database(path_, Database::Access::read_write, BusyWait{}).execute("CREATE TABLE t(x)");
    const auto before = snapshot(directory_.path());
    EXPECT_TRUE(error_of_reset().starts_with("store_foreign: "));
    fs::remove(directory_.file("runs.lock"));
    EXPECT_EQ(snapshot(directory_.path()), before);
}

TEST_F(StorePutAside, StaysWhileARunIsUnderWay) {
    make_store();
    ForkedProcess run([&](const ParentLink& parent) {
        const auto store = Store::open({.path = path_});
        store->begin_run(make_run(2));
        parent.signal();
        ParentLink::wait_for_end();
    });
    ASSERT_TRUE(run.wait_for_byte());
    EXPECT_TRUE(error_of_reset().starts_with("store_busy: "));
    EXPECT_EQ(names().count("c.db"), 1U);
    run.kill();
    EXPECT_TRUE(reset());
}

TEST_F(StorePutAside, StaysWhileSomebodyWrites) {
    make_store();
    Database writer(path_, Database::Access::read_write, BusyWait{});
    const Transaction transaction(writer);
    EXPECT_TRUE(error_of_reset().starts_with("store_busy: "));
    EXPECT_EQ(names().count("c.db"), 1U);
}

TEST_F(StorePutAside, IsNotWrittenToByThoseWhoHadItOpen) {
    make_store();
    const auto store = Store::open({.path = path_});
    ASSERT_TRUE(reset());
    try {
        store->begin_run(make_run(2));
        FAIL() << "the run would be on record where nobody looks";
    } catch (const StoreError& error) {
        EXPECT_EQ(error.code(), "store_moved");
    }
}

TEST_F(StorePutAside, IsNotDisturbedWhenThoseWhoHadItOpenGo) {
    make_store();
    auto old = Store::open({.path = path_});
    EXPECT_EQ(old->runs({}).size(), 1U);
    ASSERT_TRUE(reset());
    ForkedProcess run([&](const ParentLink& parent) {
        const auto store = Store::open({.path = path_});
        store->begin_run(make_run(3));
        parent.signal();
        ParentLink::wait_for_end();
    });
    ASSERT_TRUE(run.wait_for_byte());
    old.reset();
    EXPECT_TRUE(fs::exists(path_ + "-wal")) << "it is the new one's";
    EXPECT_EQ(runs_in(path_), 1U);
    EXPECT_EQ(runs_in(aside_), 1U);
}

TEST_F(StorePutAside, LosesSecondNamesThatAKilledResetGaveIt) {
    make_store();
    fs::create_hard_link(path_, path_ + ".corrupt-20200101T000000Z");
    ASSERT_TRUE(reset());
    EXPECT_EQ(names(), (std::set<std::string>{"c.db.corrupt-20260503T030937Z"}));
}

TEST_F(StorePutAside, IsMovedWhereALinkLeads) {
    fs::create_directory(directory_.file("real"));
    fs::create_symlink(directory_.file("real") + "/s.db", path_);
    make_store();
    const auto result = reset();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->aside, directory_.file("real") + "/s.db.corrupt-20260503T030937Z");
    EXPECT_EQ(runs_in(result->aside), 1U);
    make_store();
    EXPECT_EQ(runs_in(path_), 1U);
}

TEST_F(StorePutAside, NeedNotExist) {
    EXPECT_FALSE(reset());
    EXPECT_EQ(names(), std::set<std::string>{});
    EXPECT_TRUE(find_store_files(path_).empty());
}

}  // namespace

}  // namespace caretaker
