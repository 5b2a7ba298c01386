// SPDX-License-Identifier: Apache-2.0
// Lines of an export: written, read back, and refused.
#include "jobs/store/export_line.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace caretaker {

namespace {

/// A value that the column takes.
RowValue make_value(const RowColumn& column, std::int64_t number) {
    switch (column.kind) {
        case RowValueKind::integer:
            return std::min(column.max, std::max(column.min, number));
        case RowValueKind::real:
            return static_cast<double>(number) + 0.5;
        case RowValueKind::text:
            break;
    }
    return column.choices.empty() ? std::string(column.name) + " \"ü\"\n"
                                  : std::string(column.choices.substr(0, column.choices.find('|')));
}

StoreRow make_row(RowType type, bool with_nulls = false) {
    StoreRow row{.type = type};
    std::int64_t number = 1;
    for (const RowColumn& column : columns_of(type)) {
        row.values.push_back(with_nulls && column.nullable ? RowValue()
                                                           : make_value(column, ++number));
    }
    return row;
}

std::string without_break(std::string line) {
    EXPECT_TRUE(line.ends_with('\n'));
    line.pop_back();
    return line;
}

std::string error_of(const std::string& line) {
    try {
        parse_export_line(line, "f line 7");
    } catch (const UsageError& error) {
        return error.what();
    }
    return "no error";
}

TEST(ExportLine, OfEachKindOfRowIsReadAsItWasWritten) {
    for (std::size_t i = 0; i < row_types; ++i) {
        for (const bool with_nulls : {false, true}) {
            const StoreRow row = make_row(static_cast<RowType>(i), with_nulls);
            const auto back = std::get<StoreRow>(
                parse_export_line(without_break(format_rows({&row, 1})), "f line 1"));
            EXPECT_EQ(back.type, row.type);
            EXPECT_EQ(back.values, row.values) << to_string(row.type);
        }
    }
}

TEST(ExportLine, HoldsNumbersThatADoubleDoesNot) {
    StoreRow row = make_row(RowType::run);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        if (columns_of(RowType::run)[i].name == "bytes_freed") {
            row.values[i] = std::int64_t{9'007'199'254'740'993};
        }
    }
    const auto back =
        std::get<StoreRow>(parse_export_line(without_break(format_rows({&row, 1})), "f"));
    EXPECT_EQ(back.integer("bytes_freed"), 9'007'199'254'740'993);
}

TEST(ExportLine, OfTheHeaderAndTheEndAreReadAsTheyWereWritten) {
    const ExportHeader header{.schema = 3,
                              .exported_at = WallTime(std::chrono::milliseconds(1'777'777'777'123)),
                              .host = "agent-1",
                              .version = "0.1.0"};
    const auto back =
        std::get<ExportHeader>(parse_export_line(without_break(format_header(header)), "f"));
    EXPECT_EQ(back.schema, 3);
    EXPECT_EQ(back.exported_at, header.exported_at);
    EXPECT_EQ(back.host, "agent-1");
    EXPECT_EQ(back.version, "0.1.0");
    EXPECT_EQ(
        std::get<ExportEnd>(parse_export_line(without_break(format_end({.rows = 12})), "f")).rows,
        12);
}

struct BadLine {
    const char* line;
    const char* message;
};

class BadExportLine : public testing::TestWithParam<BadLine> {};

TEST_P(BadExportLine, IsRefusedWithItsNumberAndTheReason) {
    const std::string message = error_of(GetParam().line);
    EXPECT_TRUE(message.starts_with("f line 7: ")) << message;
    EXPECT_NE(message.find(GetParam().message), std::string::npos) << message;
}

constexpr const char* long_line =
    R"({"type":"hold","scope":"lag","until_ms":1,"reason":"r","by":"b","created_ms":2,)";

INSTANTIATE_TEST_SUITE_P(
    Lines,
    BadExportLine,
    testing::Values(
        BadLine{"", "ends too early"},
        BadLine{"lag prod ok", "value"},
        BadLine{"[]", "$"},
        BadLine{"{}", "type"},
        BadLine{R"({"type":1})", "$.type"},
        BadLine{R"({"type":"runs"})", "$.type is no kind of row"},
        BadLine{R"({"type":"header","format":"caretaker.store/2"})",
                "is not \"caretaker.store/1\""},
        BadLine{R"({"type":"header","format":"caretaker.store/1","schema":0})",
                "is no version of a schema"},
        BadLine{R"({"type":"header","format":"caretaker.store/1","schema":1,"exported_at":"now"})",
                "is no time"},
        BadLine{R"({"type":"end"})", "rows"},
        BadLine{R"({"type":"end","rows":"many"})", "$.rows"},
        BadLine{R"({"type":"end","rows":1,"colour":"red"})", "$.colour is not known"},
        BadLine{R"({"type":"end","rows":1,"rows":1})", "$.rows comes twice"},
        BadLine{R"({"type":"hold","scope":"lag"})", "$ has no until_ms"},
        BadLine{R"({"type":"hold","scope":null})", "$ has no scope"},
        BadLine{R"({"type":"hold","scope":7})", "$.scope"},
        BadLine{R"({"type":"hold","scope":"lag","until_ms":-1})", "$.until_ms is no whole number"},
        BadLine{R"({"type":"hold","scope":"lag","until_ms":1e300})", "$.until_ms"},
        BadLine{R"({"type":"hold","scope":"lag","until_ms":1.5})", "$.until_ms"},
        BadLine{R"({"type":"hold","scope":"lag","until_ms":253402300800001})",
                "$.until_ms is no whole number from 0 to"},
        BadLine{R"({"type":"metric","run":"u","name":"n","kind":"histogram"})",
                "$.kind is none of counter|gauge|timer"},
        BadLine{R"({"type":"metric","run":"u","name":"n","kind":"gauge","unit":"","label":"",)"
                R"("value":"1"})",
                "$.value"},
        BadLine{R"({"type":"sample","series":"lag","target":"t","labels":"","res":0})",
                "$.res is no whole number from 1 to 86400"},
        BadLine{"{\"type\":\"hold\",\"scope\":\"\xFF\"}", ""}));

TEST(ExportLine, IsRefusedWithAMemberThatIsNotOfItsKind) {
    EXPECT_NE(error_of(std::string(long_line) + R"("argv":"x"})").find("$.argv is not known"),
              std::string::npos);
    EXPECT_NE(error_of(std::string(long_line) + R"("by":"x"})").find("$.by comes twice"),
              std::string::npos);
}

}  // namespace

}  // namespace caretaker
