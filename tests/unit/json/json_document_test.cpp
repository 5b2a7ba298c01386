// SPDX-License-Identifier: Apache-2.0
// JSON from outside: what is taken, what is refused, and with which words.
#include "common/json/json_document.hpp"

#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

JsonDocument parse(std::string_view text) {
    return JsonDocument::parse(text, "es: GET /");
}

template <typename Action>
JsonError error_of(Action action) {
    try {
        action();
    } catch (const JsonError& error) {
        return error;
    }
    throw std::logic_error("no error");
}

JsonError parse_error(std::string_view text) {
    return error_of([&] { parse(text); });
}

TEST(JsonDocument, ReadsValuesOfAllTypes) {
    const JsonDocument document =
        parse(R"({"n":null,"t":true,"i":-7,"d":1.5,"s":"ö\u0000x","a":[1,2],"o":{"k":"v"}})");
    const JsonView root = document.root();
    EXPECT_TRUE(root.at("n").is_null());
    EXPECT_TRUE(root.at("t").flag());
    EXPECT_EQ(root.at("i").integer(), -7);
    EXPECT_DOUBLE_EQ(root.at("d").number(), 1.5);
    EXPECT_EQ(root.at("s").text(), std::string_view("ö\0x", 4));
    EXPECT_EQ(root.at("a").elements().size(), 2U);
    EXPECT_EQ(root.at("o").members().front().name, "k");
    EXPECT_EQ(root.at("o").members().front().value.text(), "v");
}

TEST(JsonDocument, StaysValidWhenItIsMoved) {
    JsonDocument first = parse(R"({"a":"b"})");
    const JsonView root = first.root();
    const JsonDocument second = std::move(first);
    EXPECT_EQ(root.at("a").text(), "b");
    EXPECT_EQ(second.root().at("a").path(), "$.a");
}

TEST(JsonDocument, RefusesWhatIsNotExactlyOneDocument) {
    const std::vector<std::string> wrong{"",
                                         " ",
                                         "{",
                                         "[1,",
                                         "\"abc",
                                         "{}{}",
                                         "[1]x",
                                         "{'a':1}",
                                         "[1,]",
                                         "// no\n1",
                                         "NaN",
                                         "<html>502 Bad Gateway</html>",
                                         std::string("{}\0{}", 5),
                                         "\"\xFF\"",
                                         "\"\xC0\xAF\"",
                                         "\"\xED\xA0\x80\"",
                                         R"("\uD800")",
                                         "\"a\nb\"",
                                         "1e400",
                                         "-1e400"};
    for (const std::string& text : wrong) {
        EXPECT_EQ(parse_error(text).fault(), JsonFault::syntax) << text;
    }
    EXPECT_EQ(parse_error("{").exit_code(), ExitCode::failed);
}

TEST(JsonDocument, SaysWhereAndWhatStandsThere) {
    EXPECT_STREQ(parse_error("[1, <html>\nx]").what(),
                 "es: GET /: no JSON at byte 4: Invalid value: '<html> x]'; is it the right "
                 "address?");
    EXPECT_STREQ(parse_error("{\"a\":[1").what(),
                 "es: GET /: the JSON ends too early, at byte 7; try again");
}

TEST(JsonDocument, TakesAByteOrderMark) {
    EXPECT_EQ(parse("\xEF\xBB\xBF[1]").root().elements().size(), 1U);
}

TEST(JsonDocument, IsAtMost256LevelsDeep) {
    const std::string fits = std::string(256, '[') + std::string(256, ']');
    EXPECT_TRUE(parse(fits).root().is_array());
    for (const std::string& text : {"[" + fits + "]", std::string(5'000'000, '[')}) {
        const JsonError error = parse_error(text);
        EXPECT_EQ(error.fault(), JsonFault::depth) << error.what();
        EXPECT_EQ(error.code(), "json_depth");
    }
    std::string objects;
    for (int i = 0; i < 257; ++i) {
        objects += R"({"a":)";
    }
    EXPECT_EQ(parse_error(objects).fault(), JsonFault::depth);
}

TEST(JsonView, NamesThePathOfWhatIsMissingOrOfAnotherType) {
    const JsonDocument document = parse(R"({"hits":[{"a":1},{"a":"x","b.c":{"":[null]}}]})");
    const JsonView second = document.root().at("hits").elements().at(1);
    EXPECT_STREQ(error_of([&] { static_cast<void>(second.at("zz")); }).what(),
                 "es: GET /: $.hits[1].zz is missing; is it a version that caretaker does not "
                 "know?");
    EXPECT_STREQ(error_of([&] { static_cast<void>(second.at("a").integer()); }).what(),
                 "es: GET /: $.hits[1].a is a text, not a whole number; is it a version that "
                 "caretaker does not know?");
    EXPECT_EQ(second.at("b.c").at("").elements().front().path(), "$.hits[1]['b.c'][''][0]");
    EXPECT_EQ(error_of([&] {
                  static_cast<void>(second.at("a").text()), static_cast<void>(second.flag());
              }).code(),
              "json_shape");
}

TEST(JsonView, RefusesEveryGetterOnEveryOtherType) {
    const JsonDocument document = parse(R"([null,true,1,1.5,"s",[],{}])");
    const auto values = document.root().elements();
    const auto works = [&](auto getter) {
        std::string verdict;
        for (const JsonView& value : values) {
            try {
                getter(value);
                verdict += 'y';
            } catch (const JsonError& error) {
                EXPECT_EQ(error.fault(), JsonFault::shape);
                verdict += '.';
            }
        }
        return verdict;
    };
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.flag()); }), ".y.....");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.integer()); }), "..y....");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.integer_or_digits()); }), "..y....");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.number()); }), "..yy...");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.text()); }), "....y..");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.elements()); }), ".....y.");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.members()); }), "......y");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.find("a")); }), "......y");
    EXPECT_EQ(works([](JsonView v) { static_cast<void>(v.at("a")); }), ".......");
}

TEST(JsonView, TakesWholeNumbersHoweverTheyAreWritten) {
    const JsonDocument document = parse(
        R"([4.0,-0.0,1e3,9223372036854775807,-9223372036854775808,9223372036854775808,1e300,0.5])");
    const auto values = document.root().elements();
    EXPECT_EQ(values[0].integer(), 4);
    EXPECT_EQ(values[1].integer(), 0);
    EXPECT_EQ(values[2].integer(), 1000);
    EXPECT_EQ(values[3].integer(), INT64_MAX);
    EXPECT_EQ(values[4].integer(), INT64_MIN);
    for (std::size_t i = 5; i < values.size(); ++i) {
        EXPECT_THROW(static_cast<void>(values[i].integer()), JsonError) << i;
    }
}

TEST(JsonView, ReadsQuotedNumbersOnlyWhereToldTo) {
    const JsonDocument document = parse(R"(["12","-3","","1x"," 1","0x1","99999999999999999999"])");
    const auto values = document.root().elements();
    EXPECT_EQ(values[0].integer_or_digits(), 12);
    EXPECT_EQ(values[1].integer_or_digits(), -3);
    for (std::size_t i = 2; i < values.size(); ++i) {
        EXPECT_THROW(static_cast<void>(values[i].integer_or_digits()), JsonError) << i;
    }
}

TEST(JsonView, FindsNothingWhereAMemberIsMissingOrNull) {
    const JsonDocument document = parse(R"({"a":null,"b":1,"b":2})");
    EXPECT_FALSE(document.root().find("a"));
    EXPECT_FALSE(document.root().find("c"));
    EXPECT_EQ(document.root().find("b")->integer(), 1);
}

}  // namespace
}  // namespace caretaker
