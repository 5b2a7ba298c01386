// SPDX-License-Identifier: Apache-2.0
// What the filter `pattern` searches for.
#include "jobs/rotate/pattern_expression.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(Patterns, AreMadeFromKindAndValueWithoutEscaping) {
    EXPECT_EQ(pattern_expression("prefix", "logs."), "^logs..*$");
    EXPECT_EQ(pattern_expression("suffix", "-old"), "^.*-old$");
    EXPECT_EQ(pattern_expression("timestring", "%Y.%m"), "^.*\\d{4}\\.\\d{2}.*$");
    EXPECT_EQ(pattern_expression("regex", "^(?!x).*\\Z"), "^(?!x).*\\z");
    EXPECT_EQ(from_python_regex("a\\\\Z\\Z"), "a\\\\Z\\z");
}

}  // namespace
}  // namespace caretaker
