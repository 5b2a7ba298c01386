// SPDX-License-Identifier: Apache-2.0
// What a person is asked, and what counts as a yes.
#include "common/cli/confirmation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

ActionList some(std::size_t count) {
    ActionList list;
    for (std::size_t i = 0; i < count; ++i) {
        list.push_back({.kind = "delete_index",
                        .subject = "logs-" + std::to_string(i),
                        .reason = "34 d old, keep 30 d"});
    }
    return list;
}

TEST(Question, ShowsEachActionWithItsReason) {
    EXPECT_EQ(format_question(some(1), "prod", {}),
              "ACTION        SUBJECT  REASON\n"
              "delete_index  logs-0   34 d old, keep 30 d\n"
              "\n"
              "Do this action on prod? [y/N] ");
}

TEST(Question, AsksForTheNameOfTheTargetAboveTwentyActions) {
    EXPECT_TRUE(
        format_question(some(20), "prod", {}).ends_with("Do these 20 actions on prod? [y/N] "));
    EXPECT_TRUE(format_question(some(21), "prod", {})
                    .ends_with("These are 21 actions on prod. To do them, type the name of the "
                               "target: "));
}

TEST(Question, SaysHowManyActionsItLeavesOut) {
    EXPECT_NE(format_question(some(140), "prod", {}).find("... and 40 more; --dry-run shows all"),
              std::string::npos);
}

TEST(Consent, IsYesAndNothingElse) {
    for (const char* yes : {"y", "yes", " yes ", "yes\r"}) {
        EXPECT_TRUE(is_consent(yes, some(20), "prod")) << yes;
    }
    for (const char* no : {"", "n", "Y", "YES", "yes please", "prod", "j"}) {
        EXPECT_FALSE(is_consent(no, some(20), "prod")) << no;
    }
}

TEST(Consent, ToMuchIsTheNameOfTheTarget) {
    EXPECT_TRUE(is_consent("prod", some(21), "prod"));
    for (const char* no : {"", "y", "yes", "pro", "production"}) {
        EXPECT_FALSE(is_consent(no, some(21), "prod")) << no;
    }
}

}  // namespace
}  // namespace caretaker
