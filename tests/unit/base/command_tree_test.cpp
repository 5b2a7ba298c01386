// SPDX-License-Identifier: Apache-2.0
#include "common/base/command_tree.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(TypedForm, PutsLongNamesUnderEachOther) {
    EXPECT_EQ(typed_form({.names = {"-o", "--output"}, .value = "FORMAT"}), "-o, --output FORMAT");
    EXPECT_EQ(typed_form({.names = {"--target"}, .value = "TARGET"}), "    --target TARGET");
    EXPECT_EQ(typed_form({.names = {"-X"}, .value = "KEY=VALUE"}), "-X KEY=VALUE");
    EXPECT_EQ(typed_form({.names = {"--failed"}}), "    --failed");
    EXPECT_EQ(typed_form({.names = {"run"}, .value = "RUN", .is_argument = true}), "run");
}

TEST(Meaning, NamesTheWordsThatTheDescriptionDoesNot) {
    EXPECT_EQ(meaning({.value = "WORD", .words = {"ok", "lost"}, .description = "Only those"}),
              "Only those: ok, lost");
    EXPECT_EQ(
        meaning({.value = "VIEW", .words = {"group", "topic"}, .description = "By group or topic"}),
        "By group or topic");
    EXPECT_EQ(meaning({.value = "csv|none", .words = {"csv", "none"}, .description = "Form"}),
              "Form");
    EXPECT_EQ(meaning({.description = "Free"}), "Free");
}

TEST(Usage, TellsWhatMustAndWhatMayBeGiven) {
    EXPECT_EQ(usage({.path = "caretaker man"}), "caretaker man [OPTIONS]");
    EXPECT_EQ(usage({.path = "caretaker show",
                     .options = {{.names = {"run"}, .is_argument = true, .required = true},
                                 {.names = {"other"}, .is_argument = true},
                                 {.names = {"--failed"}}}}),
              "caretaker show run [other] [OPTIONS]");
    EXPECT_EQ(usage({.path = "caretaker", .commands = {{.name = "lag"}}}),
              "caretaker [COMMAND] [OPTIONS]");
    EXPECT_EQ(
        usage({.path = "caretaker config", .needs_command = true, .commands = {{.name = "show"}}}),
        "caretaker config COMMAND [OPTIONS]");
}

TEST(OptionGroups, ComeInTheOrderOfTheirFirstUse) {
    const CommandHelp command{
        .options = {{.names = {"-h"}, .group = "Options"},
                    {.names = {"--job"}, .group = "Filters"},
                    {.names = {"run"}, .group = "Nowhere", .is_argument = true},
                    {.names = {"--json"}, .group = "Options"}}};
    EXPECT_EQ(option_groups(command), (std::vector<std::string>{"Options", "Filters"}));
}

}  // namespace
}  // namespace caretaker
