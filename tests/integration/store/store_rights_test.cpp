// SPDX-License-Identifier: Apache-2.0
// Stores that cannot be written: other users, full disks. Needs root, and says so where it has it
// not.
#include "common/store/database.hpp"
#include "common/store/store.hpp"
#include "tests/integration/store/file_snapshot.hpp"
#include "tests/integration/store/forked_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

constexpr uid_t other_user = 65534;

void require(bool condition, const std::string& text) {
    if (!condition) {
        throw std::runtime_error(text);
    }
}

/// Gives up root for good; to be called in a forked process.
void become_other_user() {
    require(::setgroups(0, nullptr) == 0 && ::setgid(other_user) == 0 && ::setuid(other_user) == 0,
            "cannot change the user");
}

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const StoreError& error) {
        return error.code() + ": " + error.what();
    }
    return "no error";
}

class StoreOfAnotherUser : public testing::Test {
 protected:
    void SetUp() override {
        if (::geteuid() != 0) {
            GTEST_SKIP() << "NOT TESTED: changing the user needs root";
        }
        const auto store = Store::open({.path = path_});
        const Report report;
        store->close_run(store->begin_run(make_run(1)), make_close(report, 1));
    }

    /// Everyone may read, nobody but root may write.
    void open_to_readers() const {
        ::chmod(directory_.path().c_str(), 0555);
        for (const auto& entry : fs::directory_iterator(directory_.path())) {
            ::chmod(entry.path().c_str(), 0444);
        }
    }

    TempDir directory_;
    std::string path_ = directory_.file("c.db");
};

TEST_F(StoreOfAnotherUser, IsReadWithoutLocksAndTheReaderHearsOfIt) {
    open_to_readers();
    const auto before = snapshot(directory_.path());
    EXPECT_EQ(run_forked([&] {
                  become_other_user();
                  const auto store = Store::open({.path = path_, .read_only = true});
                  require(store != nullptr, "no store");
                  require(store->runs({}).size() == 1, "the run is missing");
                  require(store->warnings().size() == 1, "one warning");
                  const std::string& warning = store->warnings()[0];
                  require(warning.find("is read without locks") != std::string::npos, warning);
              }),
              "");
    EXPECT_EQ(snapshot(directory_.path()), before);
}

TEST_F(StoreOfAnotherUser, IsReadByRootWithoutAWord) {
    open_to_readers();
    const auto store = Store::open({.path = path_, .read_only = true});
    EXPECT_EQ(store->runs({}).size(), 1U);
    EXPECT_TRUE(store->warnings().empty());
}

TEST_F(StoreOfAnotherUser, IsNotReadPastChangesThatCannotBeSeen) {
    ForkedProcess writer([&](const ParentLink& parent) {
        const auto store = Store::open({.path = path_});
        store->begin_run(make_run(2));
        parent.signal();
        ParentLink::wait_for_end();
    });
    ASSERT_TRUE(writer.wait_for_byte());
    writer.kill();
    fs::remove(path_ + "-shm");
    ASSERT_GT(fs::file_size(path_ + "-wal"), 0U);
    open_to_readers();
    EXPECT_EQ(run_forked([&] {
                  become_other_user();
                  const std::string error =
                      error_of([&] { Store::open({.path = path_, .read_only = true}); });
                  require(error.starts_with("store_readonly: ") &&
                              error.find("its -wal or -journal holds changes") != std::string::npos,
                          error);
              }),
              "");
}

TEST_F(StoreOfAnotherUser, IsNotReadPastAJournalThatNobodyRolledBack) {
    Store::open({.path = path_, .journal = JournalOption::truncate});
    ForkedProcess writer([&](const ParentLink& parent) {
        Database raw(path_, Database::Access::read_write, BusyWait{});
        raw.execute("PRAGMA cache_size = 1");  // so that changed pages are in the file already
        const Transaction transaction(raw);
        for (int i = 0; i < 200; ++i) {
            raw.prepare("INSERT INTO events(at_ms, kind, subject) VALUES(?, 'note', ?)")
                .with(i, std::string(500, 'x'))
                .run();
        }
        raw.execute("UPDATE runs SET outcome = 'failed'");
        parent.signal();
        ParentLink::wait_for_end();
    });
    ASSERT_TRUE(writer.wait_for_byte());
    writer.kill();
    ASSERT_GT(fs::file_size(path_ + "-journal"), 0U);
    open_to_readers();
    EXPECT_EQ(run_forked([&] {
                  become_other_user();
                  const std::string error =
                      error_of([&] { Store::open({.path = path_, .read_only = true}); });
                  require(error.starts_with("store_readonly: "), error);
              }),
              "");
}

TEST_F(StoreOfAnotherUser, RefusesAWriterAndSaysWhatIsMissing) {
    open_to_readers();
    const auto before = snapshot(directory_.path());
    EXPECT_EQ(run_forked([&] {
                  become_other_user();
                  const std::string error =
                      error_of([&] { Store::open({.path = path_})->begin_run(make_run(2)); });
                  require(error.starts_with("store_readonly: ") &&
                              error.find("writable for this user") != std::string::npos,
                          error);
              }),
              "");
    EXPECT_EQ(snapshot(directory_.path()), before);
}

TEST_F(StoreOfAnotherUser, CannotBeMadeInADirectoryWithoutRights) {
    ::chmod(directory_.path().c_str(), 0555);
    EXPECT_EQ(run_forked([&] {
                  become_other_user();
                  for (const char* name : {"new.db", "sub/new.db"}) {
                      const std::string error =
                          error_of([&] { Store::open({.path = directory_.file(name)}); });
                      require(error.starts_with("store_unopenable: "), error);
                  }
              }),
              "");
}

/// Runs `body` with a tmpfs of `kilobytes` mounted at `directory`, visible to that process only.
/// Returns its error, or a text that begins with "NOT TESTED" where mounting is not permitted.
std::string with_tmpfs(const fs::path& directory,
                       int kilobytes,
                       const std::function<void()>& body) {
    return run_forked([&] {
        require(::unshare(CLONE_NEWNS) == 0 &&
                    ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                    ::mount("tmpfs",
                            directory.c_str(),
                            "tmpfs",
                            0,
                            fmt::format("size={}k", kilobytes).c_str()) == 0,
                fmt::format("NOT TESTED: cannot mount a tmpfs: {}", std::strerror(errno)));
        body();
    });
}

TEST(FullDisk, FailsTheRunAndLeavesWhatWasThere) {
    const TempDir directory;
    const std::string path = directory.file("c.db");
    const std::string result = with_tmpfs(directory.path(), 1024, [&] {
        const auto store = Store::open({.path = path});
        const Report report;
        store->close_run(store->begin_run(make_run(1)), make_close(report, 1));

        std::string error;
        int number = 2;
        for (; number < 1000 && error.empty(); ++number) {
            RunInfo run = make_run(number);
            run.argv = std::string(20'000, 'x');
            error = error_of([&] { store->begin_run(run); });
            error = error == "no error" ? "" : error;
        }
        require(error.starts_with("store_full: recording the start of the run: store " + path),
                error);
        require(error.find("free space on its disk") != std::string::npos, error);
        require(store->runs({.limit = 10'000}).size() == static_cast<std::size_t>(number - 2),
                "the failed run is not there, the others are");
        const auto reader = Store::open({.path = path, .read_only = true});
        require(reader->find_run("last-ok:lag").has_value(), "readers go on");
        const Database raw(path, Database::Access::read_only, BusyWait{});
        require(raw.text("PRAGMA integrity_check") == "ok", "the file is whole");
    });
    if (result.starts_with("NOT TESTED")) {
        GTEST_SKIP() << result;
    }
    EXPECT_EQ(result, "");
}

TEST(StoreOnTmpfs, IsWarnedOfOnce) {
    const TempDir directory;
    const std::string path = directory.file("c.db");
    const std::string result = with_tmpfs(directory.path(), 4096, [&] {
        const auto warnings = Store::open({.path = path})->warnings();
        require(warnings.size() == 1 && warnings[0].find("tmpfs") != std::string::npos,
                "first time");
        require(Store::open({.path = path})->warnings().empty(), "second time");
        require(Store::open({.path = path, .read_only = true})->warnings().empty(), "reader");
    });
    if (result.starts_with("NOT TESTED")) {
        GTEST_SKIP() << result;
    }
    EXPECT_EQ(result, "");
}

}  // namespace

}  // namespace caretaker
