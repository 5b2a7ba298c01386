// SPDX-License-Identifier: Apache-2.0
#include "jobs/completion/completion_model.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(ValueKind, FollowsFromTheNameOfTheValue) {
    EXPECT_EQ(value_kind({.value = "FILE"}), ValueKind::file);
    EXPECT_EQ(value_kind({.value = "DIR"}), ValueKind::directory);
    EXPECT_EQ(value_kind({.value = "JOB"}), ValueKind::jobs);
    EXPECT_EQ(value_kind({.value = "TARGET"}), ValueKind::targets);
    EXPECT_EQ(value_kind({.value = "RUN"}), ValueKind::runs);
    EXPECT_EQ(value_kind({.value = "PATTERN"}), ValueKind::anything);
    EXPECT_EQ(value_kind({.value = "FILE", .words = {"a"}}), ValueKind::words);
}

TEST(OfferedOptions, AreItsOwnAndThoseOfEveryCommand) {
    const CommandHelp program{
        .options = {{.names = {"--version"}, .group = "Options"},
                    {.names = {"--target"}, .group = std::string(global_group)}},
        .commands = {{.options = {{.names = {"--by"}, .group = "Rows"},
                                  {.names = {"run"}, .is_argument = true}}}},
    };
    const auto names = [](const std::vector<OptionHelp>& options) {
        std::vector<std::string> out;
        for (const OptionHelp& option : options) {
            out.push_back(option.names.front());
        }
        return out;
    };
    EXPECT_EQ(names(offered_options(program.commands.front(), program)),
              (std::vector<std::string>{"--by", "--target"}));
    EXPECT_EQ(names(offered_options(program, program)),
              (std::vector<std::string>{"--version", "--target"}));
}

}  // namespace
}  // namespace caretaker
