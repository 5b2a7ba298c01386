// SPDX-License-Identifier: Apache-2.0
// The program with a store that cannot be used: the file stays as it is, and codes and words say
// what to do.
#include "common/store/database.hpp"
#include "common/store/schema.hpp"
#include "older_store.hpp"
#include "testjob_runs.hpp"
#include "tests/integration/store/file_snapshot.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

/// A command, and the code that it ends with beside such a store.
struct Expected {
    std::vector<std::string> args{};
    int code = 0;
};

const std::vector<std::string> destructive{"purge", "--url", "http://127.0.0.1:1", "--yes"};
const std::vector<std::string> reading{"idle"};

class StoreInTrouble : public ::testing::Test {
 protected:
    [[nodiscard]] Finished caretaker(const std::vector<std::string>& args) const {
        Command command = runs_.command(args);
        command.argv.front() = CARETAKER_BINARY;
        return run_command(prepared(command));
    }

    [[nodiscard]] Finished testjob(const std::vector<std::string>& args) const {
        return run_command(prepared(runs_.command(args)));
    }

    /// Jobs: one that changes things ends before any request, one that reads goes on without its
    /// record.
    void expect_jobs_to_cope(const std::string& word) const {
        const Finished changing = testjob(destructive);
        EXPECT_EQ(changing.status.code, 9) << changing.err;
        EXPECT_NE(changing.err.find(word), std::string::npos) << changing.err;
        const Finished going_on = testjob(reading);
        EXPECT_EQ(going_on.status.code, 0) << going_on.err;
        EXPECT_NE(going_on.err.find("goes on without its record"), std::string::npos)
            << going_on.err;
        EXPECT_NE(going_on.err.find(word), std::string::npos) << going_on.err;
    }

    void expect(const std::vector<Expected>& commands, const std::string& word) const {
        for (const Expected& expected : commands) {
            const Finished finished = caretaker(expected.args);
            std::string line;
            for (const std::string& arg : expected.args) {
                line += arg + " ";
            }
            EXPECT_EQ(finished.status.code, expected.code) << line << finished.err;
            if (expected.code == 9) {
                EXPECT_NE(finished.err.find(word), std::string::npos) << line << finished.err;
                EXPECT_NE(finished.err.find(';'), std::string::npos)
                    << line << "does not say what to do: " << finished.err;
            }
        }
    }

    /// The files of the store's directory that are its own or could be taken for it.
    [[nodiscard]] std::map<std::string, std::string> files() const {
        auto files = snapshot(store_directory());
        files.erase("runs.lock");
        return files;
    }

    [[nodiscard]] virtual fs::path store_directory() const {
        return fs::path(runs_.store_path()).parent_path();
    }

    [[nodiscard]] virtual Command prepared(Command command) const { return command; }

    TestjobRuns runs_;
};

TEST_F(StoreInTrouble, WhenItIsGarbageIsLeftAloneByAllButReset) {
    write_bytes(runs_.store_path(), std::string(8192, 'x'));
    const auto before = files();
    const std::string word = "is not a database";
    expect_jobs_to_cope(word);
    expect({{{"history"}, 9},
            {{"findings"}, 9},
            {{"holds"}, 9},
            {{"hold", "all", "--for", "1h", "--reason", "r"}, 9},
            {{"again", "last"}, 9},
            {{"doctor", "--no-statsd"}, 1},
            {{"store", "info"}, 9},
            {{"store", "check"}, 9},
            {{"store", "prune"}, 9},
            {{"store", "prune", "--dry-run"}, 9},
            {{"store", "migrate"}, 9},
            {{"store", "export"}, 9}},
           word);
    EXPECT_EQ(files(), before);
    EXPECT_EQ(caretaker({"store", "reset", "--yes"}).status.code, 0);
    EXPECT_EQ(files().begin()->second, before.begin()->second) << "under another name";
    EXPECT_EQ(testjob(reading).err.find("without its record"), std::string::npos);
}

TEST_F(StoreInTrouble, WhenItsPlaceIsLostIsNotTakenForANewHost) {
    const auto at = [&](const std::string& place, int plugin, int other) {
        const std::string path = runs_.file(place) + "/caretaker.db";
        EXPECT_EQ(caretaker({"status", "--nagios", "--store", path}).status.code, plugin);
        EXPECT_EQ(caretaker({"history", "--store", path}).status.code, other);
    };
    at("no-run-yet", 0, 0);  // the next run makes it
    at("typed/wrongly", 3, 9);
    EXPECT_FALSE(fs::exists(runs_.file("typed")));
}

TEST_F(StoreInTrouble, WhenItIsAnotherProgramsIsLeftAloneByAll) {
    Database(runs_.store_path(), Database::Access::read_write, BusyWait{})
        .execute("PRAGMA application_id = 77; CREATE TABLE theirs(x)");
    const auto before = files();
    const std::string word = "another program's database";
    expect_jobs_to_cope(word);
    expect({{{"history"}, 9},
            {{"hold", "all", "--for", "1h", "--reason", "r"}, 9},
            {{"store", "info"}, 9},
            {{"store", "check"}, 9},
            {{"store", "prune"}, 9},
            {{"store", "migrate"}, 9},
            {{"store", "export"}, 9},
            {{"store", "reset", "--yes"}, 9}},
           word);
    EXPECT_EQ(files(), before);
}

TEST_F(StoreInTrouble, WhenItIsNewerIsReadIfItsWriterAllowsThatAndNeverWritten) {
    ASSERT_EQ(testjob(reading).status.code, 0);
    const auto set = [&](const std::string& sql) {
        Database(runs_.store_path(), Database::Access::read_write, BusyWait{}).execute(sql);
    };
    set("PRAGMA user_version = 99");
    auto before = files();
    const std::string word = "version 99";
    expect_jobs_to_cope(word);
    expect({{{"history"}, 0},
            {{"store", "info"}, 0},
            {{"store", "check"}, 0},
            {{"store", "export"}, 0},
            {{"store", "prune", "--dry-run"}, 0},
            {{"store", "prune"}, 9},
            {{"store", "migrate"}, 9},
            {{"hold", "all", "--for", "1h", "--reason", "r"}, 9}},
           word);
    EXPECT_EQ(files(), before);
    set("UPDATE meta SET value = '98' WHERE key = 'min_reader'");
    before = files();
    expect({{{"history"}, 9}, {{"store", "info"}, 9}, {{"store", "export"}, 9}}, word);
    EXPECT_EQ(files(), before);
}

TEST_F(StoreInTrouble, WhenItIsOlderIsNotReadButUpgradedByTheNextRun) {
    ASSERT_EQ(testjob(reading).status.code, 0);
    make_older(runs_.store_path());
    const auto before = files();
    expect({{{"history"}, 9},
            {{"store", "info"}, 9},
            {{"store", "check"}, 9},
            {{"store", "export"}, 9},
            {{"store", "migrate", "--check"}, 0}},
           fmt::format("version {}", older_version));
    EXPECT_EQ(files(), before);
    EXPECT_EQ(testjob(reading).status.code, 0);
    EXPECT_EQ(runs_.rows().size(), 2U);
    EXPECT_TRUE(fs::exists(fmt::format("{}.bak-v{}", runs_.store_path(), older_version)));
}

TEST_F(StoreInTrouble, WhenItIsDamagedIsToldByTheCheckAndTakesNoRunsUntilItIsPutAside) {
    ASSERT_EQ(testjob(reading).status.code, 0);
    {
        Database raw(runs_.store_path(), Database::Access::read_write, BusyWait{});
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        const auto page = static_cast<std::size_t>(
            raw.integer("SELECT rootpage FROM sqlite_schema WHERE name = 'runs_bad'"));
        const auto size = static_cast<std::size_t>(raw.integer("PRAGMA page_size"));
        std::string bytes = read_bytes(runs_.store_path());
        bytes.replace((page - 1) * size, size, std::string(size, 'Z'));
        write_bytes(runs_.store_path(), bytes);
    }
    const Finished check = caretaker({"store", "check"});
    EXPECT_EQ(check.status.code, 9);
    EXPECT_NE(check.out.find("failed"), std::string::npos) << check.out;
    EXPECT_NE(check.out.find("caretaker store reset"), std::string::npos) << check.out;
    expect_jobs_to_cope("the file is damaged");
    expect({{{"history"}, 0}, {{"store", "info"}, 0}}, "");
    const std::string saved = runs_.file("saved.jsonl");
    EXPECT_EQ(caretaker({"store", "export", "--out", saved}).status.code, 0);
    EXPECT_EQ(caretaker({"store", "reset", "--yes"}).status.code, 0);
    EXPECT_EQ(caretaker({"store", "import", saved}).status.code, 0);
    EXPECT_EQ(testjob(reading).err.find("without its record"), std::string::npos);
    EXPECT_EQ(runs_.rows().size(), 2U);
}

TEST_F(StoreInTrouble, WhenItIsADirectoryIsNamed) {
    fs::create_directory(runs_.store_path());
    const std::string word = "is a directory";
    expect_jobs_to_cope(word);
    expect({{{"history"}, 9},
            {{"store", "info"}, 9},
            {{"store", "reset", "--yes"}, 9},
            {{"store", "migrate"}, 9}},
           word);
    EXPECT_TRUE(fs::is_empty(runs_.store_path()));
}

/// As nobody, beside a store of root that everybody may read.
class StoreOfRoot : public StoreInTrouble {
 protected:
    void SetUp() override {
        if (::geteuid() != 0) {
            std::cerr << "\n*** NOT TESTED: a store of another user, for lack of root ***\n";
            GTEST_SKIP();
        }
        ASSERT_EQ(runs_.run(reading).status.code, 0);
        set_rights(0555, 0444);
        as_nobody_ = true;
    }

    void TearDown() override { set_rights(0700, 0600); }

    void set_rights(unsigned directory, unsigned file) const {
        ::chmod(store_directory().c_str(), directory);
        for (const auto& entry : fs::directory_iterator(store_directory())) {
            if (entry.is_regular_file()) {
                ::chmod(entry.path().c_str(), file);
            }
        }
    }

    [[nodiscard]] Command prepared(Command command) const override {
        if (as_nobody_) {
            std::vector<std::string> argv{
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
            argv.insert(argv.end(), command.argv.begin(), command.argv.end());
            command.argv = argv;
            command.directory = "/";
            command.environment.emplace_back("XDG_RUNTIME_DIR", std::nullopt);
        }
        return command;
    }

    bool as_nobody_ = false;
};

TEST_F(StoreOfRoot, IsReadByOthersAndNotWritten) {
    const auto before = files();
    const Finished shown = caretaker({"history", "-o", "csv"});
    EXPECT_EQ(shown.status.code, 0) << shown.err;
    EXPECT_NE(shown.out.find(",idle,"), std::string::npos) << shown.out;
    EXPECT_NE(shown.err.find("is read without locks"), std::string::npos) << shown.err;
    expect({{{"findings"}, 0},
            {{"holds"}, 0},
            {{"store", "info"}, 0},
            {{"store", "check"}, 0},
            {{"store", "prune", "--dry-run"}, 0},
            {{"store", "migrate", "--check"}, 0},
            {{"store", "export"}, 0},
            {{"store", "prune"}, 9},
            {{"store", "reset", "--yes"}, 9},
            {{"hold", "all", "--for", "1h", "--reason", "r"}, 9}},
           "writ");
    const Finished changing = testjob(destructive);
    EXPECT_EQ(changing.status.code, 9) << changing.err;
    const Finished going_on = testjob(reading);
    EXPECT_EQ(going_on.status.code, 0) << going_on.err;
    EXPECT_NE(going_on.err.find("goes on without its record"), std::string::npos) << going_on.err;
    EXPECT_EQ(files(), before);
}

TEST_F(StoreOfRoot, IsNotReadPastAWriteAheadLogThatCannotBe) {
    as_nobody_ = false;
    set_rights(0700, 0600);
    Command killed = runs_.command(reading, {{"CARETAKER_TEST_DIE_AT", "store-after-commit:1"}});
    run_command(killed);
    ASSERT_GT(fs::file_size(runs_.store_path() + "-wal"), 0U);
    fs::remove(runs_.store_path() + "-shm");
    set_rights(0555, 0444);
    as_nobody_ = true;
    expect({{{"history"}, 9}, {{"store", "info"}, 9}, {{"store", "export"}, 9}}, "-wal");
}

/// On a file system of one megabyte that is full.
class StoreOnAFullDisk : public StoreInTrouble {
 protected:
    void SetUp() override {
        fs::create_directory(mount_);
        const Finished mounted =
            run_command({.argv = {"mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount_}});
        if (mounted.status.code != 0) {
            std::cerr << "\n*** NOT TESTED: a full disk, for lack of the right to mount ***\n";
            GTEST_SKIP() << mounted.err;
        }
        mounted_ = true;
        ASSERT_EQ(testjob(reading).status.code, 0);
        ASSERT_EQ(testjob(reading).status.code, 0);
        run_command({.argv = {"sh", "-c", "cat /dev/zero > " + mount_ + "/filler"}});
    }

    void TearDown() override {
        if (mounted_) {
            run_command({.argv = {"umount", mount_}});
        }
    }

    [[nodiscard]] fs::path store_directory() const override { return mount_; }

    [[nodiscard]] Command prepared(Command command) const override {
        command.environment.emplace_back("CARETAKER_STORE", mount_ + "/caretaker.db");
        return command;
    }

    [[nodiscard]] std::size_t runs() const {
        return Store::open({.path = mount_ + "/caretaker.db", .read_only = true})->runs({}).size();
    }

    std::string mount_ = runs_.file("small");
    bool mounted_ = false;
};

TEST_F(StoreOnAFullDisk, IsReadAndLosesNothing) {
    EXPECT_EQ(runs(), 2U);
    const Finished changing = testjob(destructive);
    EXPECT_EQ(changing.status.code, 9) << changing.err;
    EXPECT_NE(changing.err.find("free space on its disk"), std::string::npos) << changing.err;
    const Finished going_on = testjob(reading);
    EXPECT_EQ(going_on.status.code, 0) << going_on.err;
    EXPECT_NE(going_on.err.find("goes on without its record"), std::string::npos) << going_on.err;
    expect({{{"history"}, 0},
            {{"store", "info"}, 0},
            {{"store", "check"}, 0},
            {{"store", "export"}, 0},
            {{"hold", "all", "--for", "1h", "--reason", "r"}, 9}},
           "free space on its disk");
    EXPECT_EQ(caretaker({"store", "export", "--out", mount_ + "/out"}).status.code, 1);
    EXPECT_FALSE(fs::exists(mount_ + "/out"));
    EXPECT_EQ(runs(), 2U);
    fs::remove(mount_ + "/filler");
    EXPECT_EQ(testjob(reading).status.code, 0);
    EXPECT_EQ(runs(), 3U);
}

TEST_F(StoreOnAFullDisk, TakesNothingOfAnImport) {
    const std::string file = runs_.file("in.jsonl");
    ASSERT_EQ(runs_.run(reading).status.code, 0);  // the store beside the mount
    Command command = runs_.command({"store", "export", "--out", file});
    command.argv.front() = CARETAKER_BINARY;
    ASSERT_EQ(run_command(command).status.code, 0);
    expect({{{"store", "import", "--dry-run", file}, 0}, {{"store", "import", file}, 9}},
           "free space on its disk");
    EXPECT_EQ(runs(), 2U);
}

}  // namespace
}  // namespace caretaker::testing
