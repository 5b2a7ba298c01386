// SPDX-License-Identifier: Apache-2.0
// Opening real files: what is made, what is refused, and that the refused stays as it was.
#include "common/store/database.hpp"
#include "common/store/integrity_check.hpp"
#include "common/store/store.hpp"
#include "tests/integration/store/file_snapshot.hpp"
#include "tests/integration/store/forked_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

Database open_raw(const std::string& path) {
    return {path, Database::Access::read_write, BusyWait{}};
}

mode_t mode_of(const fs::path& path) {
    struct stat status {};

    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

/// "code: message" of the StoreError, or "opened".
std::string open_error(const StoreOptions& options) {
    try {
        Store::open(options);
    } catch (const StoreError& error) {
        return error.code() + ": " + error.what();
    }
    return "opened";
}

class StoreFile : public testing::Test {
 protected:
    void expect_refused(const std::string& code, const std::string& part) {
        const auto before = snapshot(directory_.path());
        for (const bool read_only : {false, true}) {
            const std::string error = open_error({.path = path_, .read_only = read_only});
            EXPECT_TRUE(error.starts_with(code + ": store " + path_)) << error;
            EXPECT_NE(error.find(part), std::string::npos) << error;
            EXPECT_EQ(snapshot(directory_.path()), before) << "read_only " << read_only;
        }
    }

    /// A store with one finished run.
    void make_store() {
        const auto store = Store::open({.path = path_});
        const Report report;
        store->close_run(store->begin_run(make_run(1)), make_close(report, 1));
    }

    TempDir directory_;
    std::string path_ = directory_.file("c.db");
};

TEST_F(StoreFile, IsMadeWithTheLastComponentOfItsDirectory) {
    const ::mode_t mask = ::umask(022);
    path_ = directory_.file("caretaker/c.db");
    const auto store = Store::open({.path = path_});
    ::umask(mask);
    EXPECT_EQ(mode_of(path_), 0640U);
    EXPECT_EQ(mode_of(directory_.file("caretaker")), 0750U);
    EXPECT_EQ(store->path(), path_);
}

TEST_F(StoreFile, IsNotMadeBelowAMissingDirectory) {
    path_ = directory_.file("no/such/c.db");
    const std::string error = open_error({.path = path_});
    EXPECT_TRUE(error.starts_with("store_unopenable: store " + path_)) << error;
    EXPECT_NE(error.find("No such file or directory"), std::string::npos) << error;
    EXPECT_FALSE(fs::exists(directory_.file("no")));
}

TEST_F(StoreFile, HasTheSettingsThatTheTablesCannotKeep) {
    make_store();
    const Database raw = open_raw(path_);
    EXPECT_EQ(raw.text("PRAGMA journal_mode"), "wal");
    EXPECT_EQ(raw.integer("PRAGMA auto_vacuum"), 2) << "incremental";
    EXPECT_EQ(raw.text("PRAGMA integrity_check"), "ok");
}

TEST_F(StoreFile, UsesTheJournalModeAskedForAndChangesIt) {
    for (const auto& [option, mode] : {std::pair(JournalOption::truncate, "truncate"),
                                       std::pair(JournalOption::wal, "wal"),
                                       std::pair(JournalOption::truncate, "truncate")}) {
        const auto store = Store::open({.path = path_, .journal = option});
        store->begin_run(make_run(static_cast<int>(store->runs({}).size())));
        EXPECT_EQ(store->warnings(), std::vector<std::string>{});
        EXPECT_EQ(fs::exists(path_ + "-wal"), mode == std::string("wal"));
    }
}

TEST_F(StoreFile, StopsAtItsSizeLimit) {
    const auto store = Store::open({.path = path_, .max_bytes = 1 << 20});
    RunInfo run = make_run(1);
    run.argv = std::string(std::size_t{2} << 20U, 'x');
    std::string code;
    try {
        store->begin_run(run);
    } catch (const StoreError& error) {
        code = error.code();
    }
    EXPECT_EQ(code, "store_full");
    EXPECT_TRUE(store->runs({}).empty());
    store->begin_run(make_run(2));
    EXPECT_EQ(store->runs({}).size(), 1U);
}

TEST_F(StoreFile, IsBegunInAnEmptyFile) {
    write_bytes(path_, "");
    make_store();
    EXPECT_EQ(Store::open({.path = path_})->runs({}).size(), 1U);
}

TEST_F(StoreFile, IsBegunInADatabaseWithoutTables) {
    open_raw(path_).execute("PRAGMA journal_mode = WAL");
    make_store();
    EXPECT_EQ(Store::open({.path = path_})->runs({}).size(), 1U);
}

TEST_F(StoreFile, MayBeNamedWithSignsThatMeanSomethingElsewhere) {
    for (const char* name :
         {"a b.db", "a%41.db", "a?mode=memory", "a#b", "file:a.db", "ä'\"\n.db"}) {
        path_ = directory_.file(name);
        make_store();
        EXPECT_EQ(Store::open({.path = path_, .read_only = true})->runs({}).size(), 1U) << name;
        EXPECT_TRUE(fs::exists(path_)) << name;
    }
}

TEST_F(StoreFile, IsNotThereForReadersBeforeTheFirstRun) {
    EXPECT_EQ(Store::open({.path = path_, .read_only = true}), nullptr);
    EXPECT_EQ(Store::open({.path = directory_.file("no/such/c.db"), .read_only = true}), nullptr);
    EXPECT_TRUE(fs::is_empty(directory_.path()));
    write_bytes(path_, "");
    EXPECT_EQ(Store::open({.path = path_, .read_only = true}), nullptr);
    EXPECT_EQ(fs::file_size(path_), 0U);
}

TEST_F(StoreFile, IsNotChangedByReaders) {
    make_store();
    const auto before = snapshot(directory_.path());
    EXPECT_EQ(Store::open({.path = path_, .read_only = true})->runs({}).size(), 1U);
    EXPECT_EQ(snapshot(directory_.path()), before);
    const auto reader = Store::open({.path = path_, .read_only = true});
    EXPECT_THROW(reader->begin_run(make_run(2)), StoreError);
    EXPECT_EQ(reader->runs({}).size(), 1U);
}

TEST_F(StoreFile, IsRefusedWhenItIsADirectory) {
    fs::create_directory(path_);
    expect_refused("store_unopenable",
                   "is a directory; name a file, such as " + path_ + "/caretaker.db");
    EXPECT_TRUE(fs::is_empty(path_));
}

TEST_F(StoreFile, IsRefusedWhenItIsGarbage) {
    for (const std::string& bytes : {std::string(5000, 'x'),
                                     std::string("x"),
                                     std::string("SQLite format 3"),
                                     "SQLite format 3" + std::string(4081, '\0') + "rest",
                                     std::string(4096, '\0')}) {
        write_bytes(path_, bytes);
        const auto before = snapshot(directory_.path());
        const std::string error = open_error({.path = path_});
        EXPECT_TRUE(error.starts_with("store_foreign: store " + path_)) << error;
        EXPECT_NE(error.find("; name another file"), std::string::npos) << error;
        EXPECT_EQ(snapshot(directory_.path()), before);
    }
}

TEST_F(StoreFile, IsRefusedWhenItIsAnotherProgramsDatabase) {
    open_raw(path_).execute("CREATE TABLE bookmarks(url); INSERT INTO bookmarks VALUES('x')");
    expect_refused("store_foreign", "application id 0, 1 tables and indices); name another file");
}

TEST_F(StoreFile, IsRefusedWhenItBearsAnotherApplicationId) {
    open_raw(path_).execute("PRAGMA application_id = 1234; PRAGMA user_version = 1");
    expect_refused("store_foreign", "application id 1234, 0 tables");
}

TEST_F(StoreFile, IsRefusedWithTheChangesInAnotherProgramsWalLeftThere) {
    // Killed in the middle of its work, that program has its rows in the -wal only.
    ForkedProcess program([&](const ParentLink& parent) {
        const Database raw = open_raw(path_);
        raw.execute("PRAGMA journal_mode = WAL; CREATE TABLE bookmarks(url)");
        raw.execute("INSERT INTO bookmarks VALUES(randomblob(9000))");
        parent.signal();
        ParentLink::wait_for_end();
    });
    ASSERT_TRUE(program.wait_for_byte());
    program.kill();
    ASSERT_GT(fs::file_size(path_ + "-wal"), 9000U);
    expect_refused("store_foreign", "another program's database");
}

TEST_F(StoreFile, IsRefusedWhenItsSchemaIsNewer) {
    make_store();
    open_raw(path_).execute("PRAGMA user_version = 7; UPDATE meta SET value = '7'");
    expect_refused("store_newer",
                   "its schema has version 7, this caretaker knows version " +
                       std::to_string(store_schema_version) + "; update caretaker");
}

TEST_F(StoreFile, IsReadThoughNewerWhenItsWriterAllowsThat) {
    make_store();
    open_raw(path_).execute("PRAGMA user_version = 7");
    EXPECT_EQ(Store::open({.path = path_, .read_only = true})->runs({}).size(), 1U);
    EXPECT_TRUE(open_error({.path = path_}).starts_with("store_newer"));
}

TEST_F(StoreFile, IsRefusedToReadersWhileItsSchemaIsOlder) {
    make_store();
    open_raw(path_).execute("PRAGMA user_version = 0");
    const std::string error = open_error({.path = path_, .read_only = true});
    EXPECT_TRUE(error.starts_with("store_older: ")) << error;
}

TEST_F(StoreFile, IsNotWrittenToOnceItIsDamaged) {
    make_store();
    const auto store = Store::open({.path = path_});
    // A page of the index on uid goes; nothing below looks there by itself.
    const Database raw = open_raw(path_);
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto page = raw.integer("SELECT rootpage FROM sqlite_schema WHERE name = 'runs_bad'");
    const auto page_size = raw.integer("PRAGMA page_size");
    std::string intact(static_cast<std::size_t>(page_size), '\0');
    {
        std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg((page - 1) * page_size);
        file.read(intact.data(), page_size);
        file.seekp((page - 1) * page_size);
        file << std::string(static_cast<std::size_t>(page_size), 'Z');
    }
    const auto begin_error = [this](std::chrono::hours later) {
        RunInfo run = make_run(2);
        run.started_at += later;
        try {
            Store::open({.path = path_})->begin_run(run);
        } catch (const StoreError& error) {
            return error.code() + ": " + error.what();
        }
        return std::string("no error");
    };
    const std::string message = begin_error(std::chrono::hours(25));
    EXPECT_TRUE(message.starts_with("store_damaged: store " + path_)) << message;
    EXPECT_NE(message.find("caretaker store reset"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    // Noted, so that the next run is refused without a check of its own; a day later all is open.
    {
        std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((page - 1) * page_size);
        file << intact;
    }
    EXPECT_EQ(begin_error(std::chrono::hours(26)), message);
    EXPECT_EQ(begin_error(std::chrono::hours(50)), "no error");
}

TEST_F(StoreFile, NotesACheckThatDidNotComeToItsEnd) {
    make_store();
    Database raw = open_raw(path_);
    raw.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
        "INSERT INTO events(at_ms, kind, subject) SELECT i, 'note', hex(i) FROM n");
    const std::string verdict = quick_check(raw, std::chrono::milliseconds(0));
    EXPECT_EQ(verdict, "");
    save_check(raw, first_start, verdict);
    EXPECT_EQ(fetch_last_check(raw)->verdict, "unfinished");
    EXPECT_NO_THROW(Store::open({.path = path_})->begin_run(make_run(2)));
}

TEST_F(StoreFile, IsCheckedForDamageOnceADay) {
    make_store();
    const auto checked = [&] {
        return open_raw(path_).text("SELECT value FROM meta WHERE key = 'quick_check_ms'");
    };
    const auto first = checked();
    const auto store = Store::open({.path = path_});
    store->begin_run(make_run(2));
    EXPECT_EQ(checked(), first);
    RunInfo next_day = make_run(3);
    next_day.started_at += std::chrono::hours(24);
    store->begin_run(next_day);
    EXPECT_EQ(checked(), std::to_string(next_day.started_at.time_since_epoch().count()));
}

}  // namespace

}  // namespace caretaker
