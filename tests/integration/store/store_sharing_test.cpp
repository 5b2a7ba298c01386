// SPDX-License-Identifier: Apache-2.0
// Several processes and threads with one store.
#include "common/base/stop_signal.hpp"
#include "common/store/database.hpp"
#include "common/store/store.hpp"
#include "tests/integration/store/forked_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace caretaker {

namespace {

constexpr int writers = 10;
constexpr int runs_per_writer = 25;  // two transactions each

/// Every run adds one finding of its own, and a sample to the one series.
void record_runs(const StoreOptions& options, int writer) {
    const auto store = Store::open(options);
    for (int i = 0; i < runs_per_writer; ++i) {
        const int number = writer * runs_per_writer + i;
        Report report;
        report.findings = {make_finding("group " + std::to_string(number))};
        report.metrics = {{.name = "n", .value = 1.0 * number}};
        report.samples = {{.series = "all", .value = 1}};
        const std::int64_t id = store->begin_run(make_run(number));
        RunClose close = make_close(report, 0, Outcome::partial);
        if (store->close_run(id, close).added != 1) {
            throw std::runtime_error("a finding was not new");
        }
    }
}

class SharedStore : public testing::TestWithParam<JournalOption> {
 protected:
    void expect_everything_there() {
        const auto store = Store::open(options_);
        EXPECT_EQ(store->runs({.outcome = "partial", .limit = 10'000}).size(),
                  std::size_t{writers * runs_per_writer});
        const auto points = store->samples("all", "prod", {}, WallTime());
        ASSERT_EQ(points.size(), 1U);
        EXPECT_EQ(points[0].count, writers * runs_per_writer);
        EXPECT_EQ(store->job_status("lag", "prod")->bad_streak, writers * runs_per_writer);
        const Database raw(options_.path, Database::Access::read_write, BusyWait{});
        EXPECT_EQ(raw.text("PRAGMA integrity_check"), "ok");
        EXPECT_EQ(raw.integer("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    }

    TempDir directory_;
    StoreOptions options_{.path = directory_.file("c.db"),
                          .journal = GetParam(),
                          .busy_timeout = std::chrono::seconds(60)};
};

TEST_P(SharedStore, TakesTransactionsOfTenProcessesWithoutAnError) {
    // The store does not exist yet, so its creation is part of the race.
    std::vector<ForkedProcess> processes;
    for (int writer = 0; writer < writers; ++writer) {
        processes.emplace_back([&](const ParentLink&) { record_runs(options_, writer); });
    }
    for (ForkedProcess& process : processes) {
        EXPECT_EQ(process.wait(), "");
    }
    expect_everything_there();
}

TEST_P(SharedStore, TakesTransactionsOfTenThreadsWithAConnectionEach) {
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            try {
                record_runs(options_, writer);
            } catch (const std::exception& error) {
                ++failures;
                ADD_FAILURE() << error.what();
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(failures, 0);
    expect_everything_there();
}

TEST_P(SharedStore, IsReadWhileItIsWritten) {
    const auto writer = Store::open(options_);
    const std::int64_t id = writer->begin_run(make_run(1));
    const auto reader = Store::open({.path = options_.path, .read_only = true});
    EXPECT_EQ(reader->runs({}).at(0).outcome, "running");
    const Report report;
    writer->close_run(id, make_close(report, 1));
    EXPECT_EQ(reader->runs({}).at(0).outcome, "ok");
}

TEST_P(SharedStore, FailsWithAWordAboutItWhenAnotherWriterDoesNotEnd) {
    Store::open(options_);
    Database other(options_.path, Database::Access::read_write, BusyWait{});
    const Transaction transaction(other);
    options_.busy_timeout = std::chrono::milliseconds(10);
    const auto store = Store::open(options_);
    std::string message;
    try {
        store->begin_run(make_run(1));
    } catch (const StoreError& error) {
        message = error.code() + ": " + error.what();
    }
    EXPECT_TRUE(message.starts_with("store_busy: ")) << message;
    EXPECT_NE(message.find("another process kept it locked for too long"), std::string::npos);
}

TEST_P(SharedStore, DoesNotWaitItsWholeTimeOutOnceAStopIsRequested) {
    StopSignal stop;
    Store::open(options_);
    Database other(options_.path, Database::Access::read_write, BusyWait{});
    const Transaction transaction(other);
    options_.busy_timeout = std::chrono::hours(10);  // the test would run into its own time limit
    options_.stop = &stop;
    const auto store = Store::open(options_);
    stop.request(SIGTERM);
    EXPECT_THROW(store->begin_run(make_run(1)), StoreError);
}

INSTANTIATE_TEST_SUITE_P(Journal,
                         SharedStore,
                         testing::Values(JournalOption::wal, JournalOption::truncate),
                         [](const auto& journal) {
                             return journal.param == JournalOption::wal ? "Wal" : "Truncate";
                         });

TEST(BusyWriter, IsTriedAgainAfterItsTimeOut) {
    const TempDir directory;
    const BusyWait no_wait{std::chrono::milliseconds(0), nullptr};
    Database own(directory.file("c.db"), Database::Access::read_write, no_wait);
    Database other(directory.file("c.db"), Database::Access::read_write, no_wait);
    own.execute("CREATE TABLE t(x)");
    int tries = 0;
    own.write("counting", [&] {
        own.execute("INSERT INTO t VALUES(1)");
        if (++tries == 1) {
            const Transaction busy(other);  // `own` has the lock
        }
    });
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(own.integer("SELECT count(*) FROM t"), 1) << "the first try was rolled back";
}

}  // namespace

}  // namespace caretaker
