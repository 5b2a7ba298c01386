// SPDX-License-Identifier: Apache-2.0
// A copied value is the value: no digit is lost on the way.
#include "common/json/json_copy.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace caretaker {
namespace {

std::string copied(std::string_view text) {
    const JsonDocument document = JsonDocument::parse(text, "test");
    JsonWriter json;
    copy_json(document.root(), json);
    return std::string(json.text());
}

TEST(JsonCopy, KeepsAllDigits) {
    for (const std::string text : {"0",
                                   "-1",
                                   "9007199254740991",
                                   "9007199254740993",  // 2^53 + 1
                                   "-9007199254740993",
                                   "9223372036854775807",
                                   "-9223372036854775808",
                                   "18446744073709551615",
                                   "0.1",
                                   "-2.5",
                                   "0.30000000000000004",
                                   "1e+300",
                                   "5e-324"}) {
        EXPECT_EQ(copied(text), text);
    }
}

TEST(JsonCopy, KeepsValuesOfEveryKindInTheirOrder) {
    const std::string text = R"({"b":[1,"x",null,true,false,{}],"a":{"c":"\u0001\"\\"},"d":[]})";
    EXPECT_EQ(copied(text), text);
}

TEST(JsonCopy, WritesTheSameDoubleInFewerDigits) {
    EXPECT_EQ(copied("[3.0, 1.50, 1E2]"), "[3,1.5,100]");
    EXPECT_EQ(copied("12345678901234567890123"), "1.2345678901234568e+22");
}

}  // namespace
}  // namespace caretaker
