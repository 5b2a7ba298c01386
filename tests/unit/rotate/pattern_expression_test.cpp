// SPDX-License-Identifier: Apache-2.0
// What the filter `pattern` searches for.
#include "jobs/rotate/pattern_expression.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

TEST(Patterns, AreMadeFromKindAndValueWithoutEscaping) {
    EXPECT_EQ(pattern_expression("prefix", "logs."), "^logs..*$");
    EXPECT_EQ(pattern_expression("suffix", "-old"), "^.*-old$");
    EXPECT_EQ(pattern_expression("timestring", "%Y.%m"), "^.*\\d{4}\\.\\d{2}.*$");
    EXPECT_EQ(pattern_expression("regex", "^(?!x).*\\Z"), "^(?!x).*\\z");
}

TEST(Patterns, MeanInPerlWhatTheyMeanInPython) {
    struct Row {
        std::string python{};
        std::string perl{};
    };

    const std::vector<Row> rows{
        {R"(a\\Z\Z)", R"(a\\Z\z)"},
        {R"(^logs-[0-9]{,4}\.11$)", R"(^logs-[0-9]{0,4}\.11$)"},
        {"a{,}b{1,}c{2,3}", "a{0,}b{1,}c{2,3}"},
        {"a{,4b{,x}c{", "a{,4b{,x}c{"},  // characters in both
        {R"(a\{,4}[{,4}])", R"(a\{,4}[{,4}])"},
        {R"([]{,4}]{,4})", R"([]{,4}]{0,4})"},
        {R"([^]a[:alpha:]]{,4})", R"([^]a\[:alpha:]]{0,4})"},
        {R"([\]{,4}])", R"([\]{,4}])"},
        {R"(\u0041\U0001F600[\u0042])", R"(\x{0041}\x{0001F600}[\x{0042}])"},
        {R"(\u004)", R"(\u004)"},  // refused by both
        {"(?a)x(?u)(?ai)y(?a:z)(?au-i:z)", "(?:)x(?:)(?i)y(?:z)(?-i:z)"},
        {"(?L)x(?P<a>y)(?=z)", "(?L)x(?P<a>y)(?=z)"},
        {R"(\v)", R"(\x0b)"},
        {"\\", "\\"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(from_python_regex(row.python), row.perl) << row.python;
        EXPECT_EQ(from_python_regex(row.perl), row.perl) << row.python;
    }
}

}  // namespace
}  // namespace caretaker
