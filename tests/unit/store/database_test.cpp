// SPDX-License-Identifier: Apache-2.0
// Statements, transactions and errors over an SQLite in memory.
#include "common/store/database.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>
#include <thread>

namespace caretaker {

namespace {

using namespace std::string_literals;

Database open_memory() {
    return {":memory:", Database::Access::read_write, BusyWait{}};
}

template <typename Action>
std::string message_of(Action action) {
    try {
        action();
    } catch (const StoreError& error) {
        return error.code() + "|" + error.what();
    }
    return "no error";
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Database, GivesBackTheValuesThatWereBound) {
    const Database database = open_memory();
    Statement row = database.prepare("SELECT ?, ?, ?, ?, ?, ?");
    row.with(std::numeric_limits<std::int64_t>::min(),
             0.1,
             "a\0b ' \xff"s,
             true,
             std::optional<std::string>(),
             std::optional(std::int64_t{7}));
    ASSERT_TRUE(row.step());
    EXPECT_EQ(row.integer(0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(row.real(1), 0.1);
    EXPECT_EQ(row.text(2), "a\0b ' \xff"s);
    EXPECT_EQ(row.integer(3), 1);
    EXPECT_TRUE(row.is_null(4));
    EXPECT_EQ(row.optional_integer(4), std::nullopt);
    EXPECT_EQ(row.optional_integer(5), 7);
    EXPECT_FALSE(row.step());
}

TEST(Database, BindsEmptyTextAsTextAndNotAsNull) {
    const Database database = open_memory();
    Statement row = database.prepare("SELECT ?");
    row.with(std::string_view());
    ASSERT_TRUE(row.step());
    EXPECT_FALSE(row.is_null(0));
}

TEST(Database, NamesFileStatementReasonAndWayOutInAnError) {
    const Database database = open_memory();
    const std::string message = message_of([&] { database.execute("SELECT  1\n  FROM nowhere"); });
    EXPECT_TRUE(has(message, "store :memory:: SELECT 1 FROM nowhere: no such table: nowhere; "))
        << message;
}

TEST(Database, SaysWhatToDoAboutAFullDatabase) {
    const Database database = open_memory();
    database.execute("CREATE TABLE t(x)");
    database.execute("PRAGMA max_page_count = 3");
    const std::string message =
        message_of([&] { database.execute("INSERT INTO t VALUES(randomblob(100000))"); });
    EXPECT_TRUE(message.starts_with("store_full|")) << message;
    EXPECT_TRUE(has(message, "free space on its disk, or raise store.max_bytes")) << message;
}

TEST(Database, RollsBackATransactionThatIsLeftByAnException) {
    Database database = open_memory();
    database.execute("CREATE TABLE t(x)");
    EXPECT_THROW(database.write("counting",
                                [&] {
                                    database.execute("INSERT INTO t VALUES(1)");
                                    throw std::runtime_error("elsewhere");
                                }),
                 std::runtime_error);
    EXPECT_EQ(database.integer("SELECT count(*) FROM t"), 0);
    database.write("counting", [&] { database.execute("INSERT INTO t VALUES(1)"); });
    EXPECT_EQ(database.integer("SELECT count(*) FROM t"), 1);
}

TEST(Database, SaysWhatTheCallerWasDoing) {
    Database database = open_memory();
    const std::string message = message_of(
        [&] { database.write("feeding the cat", [&] { database.execute("INSERT INTO t"); }); });
    EXPECT_TRUE(has(message, "|feeding the cat: store :memory:: INSERT INTO t: ")) << message;
}

TEST(Database, InterruptsAStatementAtTheTimeLimitAndNotLater) {
    const Database database = open_memory();
    const char* endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    bool interrupted = false;
    try {
        database.with_time_limit(std::chrono::milliseconds(0), [&] { database.execute(endless); });
    } catch (const SqliteError& error) {
        interrupted = error.is_interrupted();
    }
    EXPECT_TRUE(interrupted);
    EXPECT_EQ(database.integer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                               "LIMIT 100000) SELECT count(*) FROM n"),
              100'000);
}

TEST(Database, RefusesAnSqliteWithoutStrictTables) {
    EXPECT_NO_THROW(require_sqlite_version(3'037'000));
    EXPECT_NO_THROW(require_sqlite_version(4'000'000));
    const std::string message = message_of([] { require_sqlite_version(3'034'001); });
    EXPECT_TRUE(has(message, "needs SQLite 3.37 or later: this is 3.34; ")) << message;
}

}  // namespace

}  // namespace caretaker
