// SPDX-License-Identifier: Apache-2.0
// Commands about the store that are killed at any of their writes: nothing is lost, nothing is left
// half, and the same command then does its work.
#include "common/store/database.hpp"
#include "older_store.hpp"
#include "testjob_runs.hpp"
#include "tests/integration/store/file_snapshot.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

constexpr int runs_made = 3;

class KilledStoreCommand : public ::testing::Test {
 protected:
    void SetUp() override { prepare(); }

    /// A directory of its own with a store of three runs, one of which deleted something long ago.
    void prepare() {
        runs_ = std::make_unique<TestjobRuns>();
        for (int i = 0; i < runs_made; ++i) {
            ASSERT_EQ(runs_->run({"idle"}).status.code, 0);
        }
    }

    [[nodiscard]] Finished caretaker(const std::vector<std::string>& args,
                                     const Variables& variables = {}) const {
        Command command = runs_->command(args, variables);
        command.argv.front() = CARETAKER_BINARY;
        return run_command(command);
    }

    /// Runs the command, killed at one passage of `point` after the other, each time in a new
    /// place. `check` looks at what is there after a kill, `check_end` after the command was given
    /// again. Returns how often it was killed.
    int kill_everywhere(const std::string& point,
                        const std::vector<std::string>& args,
                        const std::function<void()>& check,
                        const std::function<void()>& check_end) {
        for (int passage = 1;; ++passage) {
            SCOPED_TRACE(fmt::format("{}:{}", point, passage));
            prepare();
            prepare_more_();
            const Finished killed =
                caretaker(args, {{"CARETAKER_TEST_DIE_AT", fmt::format("{}:{}", point, passage)}});
            if (killed.status.signal != SIGKILL) {
                EXPECT_EQ(killed.status.code, 0) << killed.err;
                check_end();
                return passage - 1;
            }
            check();
            const Finished again = caretaker(args);
            EXPECT_EQ(again.status.code, 0) << again.err;
            check_end();
            if (::testing::Test::HasFailure()) {
                return passage;
            }
        }
    }

    int kill_at_all_writes(const std::vector<std::string>& args,
                           const std::function<void()>& check,
                           const std::function<void()>& check_end) {
        int kills = 0;
        for (const char* point :
             {"store-before-write", "store-before-commit", "store-after-commit"}) {
            kills += kill_everywhere(point, args, check, check_end);
        }
        return kills;
    }

    /// In a directory that stays when a new place is made for the store.
    [[nodiscard]] std::string file(const std::string& name) const { return files_.file(name); }

    /// The files of a directory, without those that readers of a store make for themselves.
    [[nodiscard]] static std::set<std::string> names(const fs::path& directory) {
        std::set<std::string> names;
        for (const auto& [name, content] : snapshot(directory)) {
            names.insert(name);
        }
        names.erase("runs.lock");
        return names;
    }

    [[nodiscard]] std::set<std::string> names() const {
        return names(fs::path(runs_->store_path()).parent_path());
    }

    static void expect_sound(const std::string& path, std::int64_t runs) {
        const Database database(path, Database::Access::read_only, BusyWait{});
        EXPECT_EQ(database.text("PRAGMA integrity_check"), "ok") << path;
        EXPECT_EQ(database.integer("SELECT count(*) FROM runs"), runs) << path;
    }

    [[nodiscard]] Database open_raw() const {
        return {runs_->store_path(), Database::Access::read_write, BusyWait{}};
    }

    std::unique_ptr<TestjobRuns> runs_;
    TempDir files_;
    std::function<void()> prepare_more_ = [] {};
};

TEST_F(KilledStoreCommand, ThatPrunesLeavesWholeRowsAndIsFinishedByTheNext) {
    prepare_more_ = [&] {
        open_raw().execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) INSERT "
            "INTO runs(uid, job, started_ms, outcome, trigger, host, boot_id, version, argv, "
            "config_hash) SELECT 'old-' || i, 'old', i, 'ok', 'cron', 'h', 'b', 'v', '', '' FROM n;"
            "INSERT INTO actions(run_id, seq, kind, subject, state, started_ms, reason) SELECT id, "
            "1, 'delete', 'x', 'done', 1, 'old' FROM runs WHERE job = 'old'");
    };
    const int kills = kill_at_all_writes(
        {"store", "prune", "--runs-per-job", "10"},
        [&] {
            const Database database = open_raw();
            EXPECT_EQ(database.text("PRAGMA integrity_check"), "ok");
            EXPECT_EQ(database.integer("SELECT count(*) FROM actions"),
                      database.integer("SELECT count(*) FROM runs WHERE job = 'old'"));
            EXPECT_EQ(database.integer("SELECT count(*) FROM runs WHERE job = 'idle'"), runs_made);
        },
        [&] {
            EXPECT_EQ(open_raw().integer("SELECT count(*) FROM runs WHERE job = 'old'"), 10);
            EXPECT_EQ(names(), (std::set<std::string>{"caretaker.db"}));
        });
    EXPECT_GE(kills, 9);
}

TEST_F(KilledStoreCommand, ThatMigratesLeavesTheOldSchemaOrTheNew) {
    prepare_more_ = [&] { make_older(runs_->store_path()); };
    const std::string copy = fmt::format("caretaker.db.bak-v{}", older_version);
    const int kills = kill_everywhere(
        "store-migration",
        {"store", "migrate"},
        [&] { expect_sound(runs_->store_path(), runs_made); },
        [&] {
            expect_sound(runs_->store_path(), runs_made);
            expect_sound(runs_->file(copy), runs_made);
            auto left = names();
            left.erase("caretaker.db-wal");  // killed behind the commit, and only read since
            EXPECT_EQ(left, (std::set<std::string>{"caretaker.db", copy}));
            EXPECT_EQ(caretaker({"store", "check", "-q"}).status.code, 0);
        });
    EXPECT_GE(kills, 4);
}

TEST_F(KilledStoreCommand, ThatExportsLeavesTheOldFileOrTheNew) {
    prepare_more_ = [&] { write_bytes(file("out.jsonl"), "old"); };
    const int kills = kill_everywhere(
        "store-export",
        {"store", "export", "--out", file("out.jsonl")},
        [&] {
            EXPECT_EQ(read_bytes(file("out.jsonl")), "old");
            EXPECT_EQ(names(files_.path()), std::set<std::string>{"out.jsonl"});
            expect_sound(runs_->store_path(), runs_made);
        },
        [&] {
            EXPECT_TRUE(read_bytes(file("out.jsonl")).ends_with("}\n"));
            EXPECT_EQ(names(files_.path()), std::set<std::string>{"out.jsonl"});
        });
    EXPECT_GE(kills, 2);
}

TEST_F(KilledStoreCommand, ThatImportsAddsAllOrNothing) {
    ASSERT_EQ(caretaker({"store", "export", "--out", file("in.jsonl")}).status.code, 0);
    const std::string exported = read_bytes(file("in.jsonl"));
    prepare_more_ = [&] { write_bytes(file("in.jsonl"), exported); };
    const int kills = kill_at_all_writes(
        {"store", "import", file("in.jsonl")},
        [&] {
            const std::int64_t runs = open_raw().integer("SELECT count(*) FROM runs");
            EXPECT_TRUE(runs == runs_made || runs == 2 * runs_made) << runs;
        },
        [&] { expect_sound(runs_->store_path(), 2 * runs_made); });
    EXPECT_EQ(kills, 3);
}

TEST_F(KilledStoreCommand, ThatResetsLeavesAWholeStoreUnderOneNameOrBoth) {
    const auto aside = [&] {
        std::vector<std::string> found;
        for (const std::string& name : names()) {
            if (name.starts_with("caretaker.db.corrupt-") && !name.ends_with("-wal")) {
                found.push_back(runs_->file(name));
            }
        }
        return found;
    };
    // What was written last stands in the -wal only.
    prepare_more_ = [&] {
        runs_->run({"idle"}, {{"CARETAKER_TEST_DIE_AT", "store-after-commit:1"}});
    };
    const int kills = kill_everywhere(
        "store-reset",
        {"store", "reset", "--yes"},
        [&] {
            const auto moved = aside();
            const bool stays = fs::exists(runs_->store_path());
            ASSERT_TRUE(stays || moved.size() == 1U);
            expect_sound(stays ? runs_->store_path() : moved.front(), runs_made + 1);
        },
        [&] {
            EXPECT_FALSE(fs::exists(runs_->store_path()));
            ASSERT_EQ(aside().size(), 1U);
            expect_sound(aside().front(), runs_made + 1);
            EXPECT_EQ(runs_->run({"idle"}).status.code, 0);
            expect_sound(runs_->store_path(), 1);
            expect_sound(aside().front(), runs_made + 1);
        });
    EXPECT_GE(kills, 3);
}

}  // namespace
}  // namespace caretaker::testing
