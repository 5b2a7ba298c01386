// SPDX-License-Identifier: Apache-2.0
// How often the store waits for the disk: counted where SQLite hands its files to the system.
#include "common/store/store.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <map>
#include <string>

namespace caretaker {

namespace {

/// The system's files, with their syncs counted. While it lives it is SQLite's default.
class SyncCounter {
 public:
    SyncCounter() : system_(*sqlite3_vfs_find(nullptr)) {
        real_ = &system_;
        counting_ = system_;
        counting_.zName = "counting";
        counting_.pNext = nullptr;
        counting_.xOpen = open;
        sqlite3_vfs_register(&counting_, 1);
    }

    ~SyncCounter() { sqlite3_vfs_unregister(&counting_); }

    SyncCounter(const SyncCounter&) = delete;
    SyncCounter& operator=(const SyncCounter&) = delete;

    static int count_during(const std::function<void()>& body) {
        syncs_ = 0;
        body();
        return syncs_;
    }

 private:
    static int open(
        sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* flags_out) {
        const int result = real_->xOpen(real_, name, file, flags, flags_out);
        if (file->pMethods != nullptr) {
            // The system's files come with one table for databases and another for logs; both sync
            // by the same function.
            const auto [table, is_new] = tables_.try_emplace(file->pMethods, *file->pMethods);
            if (is_new) {
                system_sync_ = file->pMethods->xSync;
                table->second.xSync = [](sqlite3_file* synced, int how) {
                    ++syncs_;
                    return system_sync_(synced, how);
                };
            }
            file->pMethods = &table->second;
        }
        return result;
    }

    static inline int syncs_ = 0;
    static inline sqlite3_vfs* real_ = nullptr;
    static inline int (*system_sync_)(sqlite3_file*, int) = nullptr;
    static inline std::map<const sqlite3_io_methods*, sqlite3_io_methods> tables_{};
    sqlite3_vfs system_;
    sqlite3_vfs counting_{};
};

class StoreSync : public testing::Test {
 protected:
    StoreSync() {
        for (const int number : {1, 2}) {  // makes the file, and checks it for today
            record_run(*Store::open({.path = path_}), number);
        }
    }

    static void record_run(Store& store, int number) {
        const Report report;
        const std::int64_t id = store.begin_run(make_run(number));
        store.close_run(id, make_close(report, number));
        store.record_delivery(id, 10, 0);
    }

    SyncCounter counter_;
    TempDir directory_;
    std::string path_ = directory_.file("c.db");
};

TEST_F(StoreSync, OfRunsThatChangeThingsComesWithEachCommit) {
    auto store = Store::open({.path = path_, .sync = SyncOption::each_commit});
    EXPECT_GE(SyncCounter::count_during([&] { record_run(*store, 3); }), 3);
}

TEST_F(StoreSync, OfRunsThatOnlyLookComesWhenTheStoreIsClosed) {
    auto store = Store::open({.path = path_, .sync = SyncOption::at_the_end});
    EXPECT_EQ(SyncCounter::count_during([&] { record_run(*store, 3); }), 1) << "the new log's head";
    EXPECT_EQ(SyncCounter::count_during([&] { store.reset(); }), 2) << "the log, then the file";
}

TEST_F(StoreSync, ComesWithEachCommitWhereThereIsNoLogToSync) {
    auto store = Store::open(
        {.path = path_, .journal = JournalOption::truncate, .sync = SyncOption::at_the_end});
    EXPECT_GE(SyncCounter::count_during([&] { record_run(*store, 3); }), 3);
}

}  // namespace
}  // namespace caretaker
