// SPDX-License-Identifier: Apache-2.0
// What YAML makes of a value without quotes.
#include "common/config/yaml_scalar.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(PlainType, KnowsNumbers) {
    for (const std::string_view text : {"0",
                                        "1400",
                                        "-5",
                                        "+5",
                                        "007",
                                        "1.5",
                                        ".5",
                                        "5.",
                                        "1e3",
                                        "1.5E-3",
                                        "1e+3",
                                        "0x1F",
                                        "0o17",
                                        ".inf",
                                        "-.INF",
                                        ".nan"}) {
        EXPECT_EQ(plain_type(text), PlainType::number) << text;
    }
}

TEST(PlainType, KnowsBooleans) {
    for (const std::string_view text : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
        EXPECT_EQ(plain_type(text), PlainType::boolean) << text;
    }
}

TEST(PlainType, TakesTheRestAsText) {
    for (const std::string_view text :
         {"",   "yes", "no",  "on",  "off",      "tRue", "-",     "+",
          ".",  "e3",  "1e",  "1e+", "--5",      "90s",  "1.2.3", "1_000",
          "0x", "0xZ", "0o8", "5-",  "10.0.0.1", "inf",  "5 6"}) {
        EXPECT_EQ(plain_type(text), PlainType::text) << text;
    }
}

}  // namespace
}  // namespace caretaker
