// SPDX-License-Identifier: Apache-2.0
// Lines of an export that do not fit together.
#include "jobs/store/import_check.hpp"

#include "common/base/error.hpp"
#include "common/store/store.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace caretaker {

namespace {

StoreRow make_row(RowType type, const std::string& run) {
    StoreRow row{.type = type};
    for (const RowColumn& column : columns_of(type)) {
        const bool names_run = column.name == "uid" || column.name == "run";
        row.values.emplace_back(names_run ? RowValue(run) : RowValue());
    }
    return row;
}

const ExportHeader header{.schema = 1, .host = "agent-1", .version = "0.1.0"};

std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const UsageError& error) {
        return error.what();
    }
    return "no error";
}

TEST(ImportCheck, TakesAWholeExport) {
    ImportCheck check;
    check.add(header, "f line 1");
    check.add(make_row(RowType::run, "a"), "f line 2");
    check.add(make_row(RowType::run, "b"), "f line 3");
    check.add(make_row(RowType::action, "a"), "f line 4");
    check.add(make_row(RowType::metric, "b"), "f line 5");
    check.add(make_row(RowType::hold, ""), "f line 6");
    check.add(ExportEnd{.rows = 5}, "f line 7");
    check.finish("f");
    EXPECT_EQ(check.rows(), 5);
    EXPECT_EQ(check.header()->host, "agent-1");
}

TEST(ImportCheck, WantsTheHeaderFirstAndOnce) {
    EXPECT_EQ(error_of([] { ImportCheck().finish("f"); }),
              "f: is empty; it should be an export of `caretaker store export`");
    EXPECT_EQ(error_of([] { ImportCheck().add(make_row(RowType::run, "a"), "f line 1"); }),
              "f line 1: is no header; this is no export of `caretaker store export`");
    ImportCheck check;
    check.add(header, "f line 1");
    EXPECT_EQ(error_of([&] { check.add(header, "f line 2"); }),
              "f line 2: is a second header; import one export at a time");
}

TEST(ImportCheck, RefusesAStoreOfALaterVersion) {
    ExportHeader later = header;
    later.schema = store_schema_version + 1;
    EXPECT_NE(error_of([&] { ImportCheck().add(later, "f line 1"); }).find("update caretaker"),
              std::string::npos);
}

TEST(ImportCheck, WantsTheEndLastAndWithTheNumberOfRows) {
    ImportCheck check;
    check.add(header, "f line 1");
    check.add(make_row(RowType::run, "a"), "f line 2");
    EXPECT_EQ(error_of([&] { check.finish("f"); }),
              "f: is cut short: its last line, of the type end, is missing after 1 rows; export "
              "again");
    EXPECT_EQ(error_of([check]() mutable { check.add(ExportEnd{.rows = 2}, "f line 3"); }),
              "f line 3: there should be 2 rows before it, and there are 1; export again");
    check.add(ExportEnd{.rows = 1}, "f line 3");
    EXPECT_EQ(error_of([&] { check.add(header, "f line 4"); }),
              "f line 4: comes after the end of the export; import one export at a time");
}

TEST(ImportCheck, WantsARunOnceAndBeforeWhatBelongsToIt) {
    ImportCheck check;
    check.add(header, "f line 1");
    EXPECT_EQ(error_of([&] { check.add(make_row(RowType::action, "a"), "f line 2"); }),
              "f line 2: its run a did not come before it");
    check.add(make_row(RowType::run, "a"), "f line 2");
    EXPECT_EQ(error_of([&] { check.add(make_row(RowType::run, "a"), "f line 3"); }),
              "f line 3: run a comes twice");
}

}  // namespace

}  // namespace caretaker
