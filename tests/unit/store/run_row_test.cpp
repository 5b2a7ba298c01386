// SPDX-License-Identifier: Apache-2.0
// The one table of the columns of `runs` against the schema and against a row in full.
#include "common/store/run_row.hpp"

#include "common/store/database.hpp"
#include "common/store/schema.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace caretaker {

namespace {

class RunRows : public testing::Test {
 protected:
    RunRows() { migrate(database_, schema_steps()); }

    [[nodiscard]] RunRow read_back() const {
        Statement find = database_.prepare(fmt::format("SELECT {} FROM runs", run_columns()));
        EXPECT_TRUE(find.step());
        return read_run(find);
    }

    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
};

/// A value that no other column has and that is none of the defaults.
struct Mark {
    RunRow& run;
    int number;

    template <typename T>
    void operator()(T RunRow::*field) const {
        run.*field = static_cast<T>(number);
    }

    void operator()(bool RunRow::*field) const { run.*field = true; }

    void operator()(std::string RunRow::*field) const { run.*field = fmt::format("t{}", number); }

    void operator()(WallTime RunRow::*field) const {
        run.*field = first_start + std::chrono::milliseconds(number);
    }

    void operator()(std::optional<WallTime> RunRow::*field) const {
        run.*field = first_start + std::chrono::milliseconds(number);
    }

    void operator()(std::optional<std::chrono::milliseconds> RunRow::*field) const {
        run.*field = std::chrono::milliseconds(number);
    }
};

TEST_F(RunRows, HaveEveryColumnOfTheSchemaInItsOrder) {
    std::string columns;
    Statement list = database_.prepare("SELECT name FROM pragma_table_info('runs')");
    while (list.step()) {
        columns += (columns.empty() ? "" : ", ") + list.text(0);
    }
    EXPECT_EQ(run_columns(), columns);
}

TEST_F(RunRows, ComeBackAsTheyWereWritten) {
    RunRow run;
    int number = 1000;
    for (const RunColumn& column : run_column_table()) {
        std::visit(Mark{run, ++number}, column.field);
    }
    run.outcome = "partial";
    insert_run_row(database_, run);
    const RunRow back = read_back();
    for (const RunColumn& column : run_column_table()) {
        std::visit([&](auto field) { EXPECT_EQ(back.*field, run.*field) << column.name; },
                   column.field);
    }
}

TEST_F(RunRows, HoldNullForWhatThereIsNot) {
    insert_run_row(database_, {.id = 1, .uid = make_uid(1), .outcome = "running"});
    EXPECT_EQ(database_.integer("SELECT count(*) FROM runs WHERE ended_ms IS NULL AND duration_ms "
                                "IS NULL AND exit_code IS NULL AND trigger_ref IS NULL AND "
                                "parent_uid IS NULL AND queue_delay_ms IS NULL AND summary IS NULL "
                                "AND error_code IS NULL AND error IS NULL AND target = ''"),
              1);
    EXPECT_EQ(read_back().ended_at, std::nullopt);
}

}  // namespace

}  // namespace caretaker
