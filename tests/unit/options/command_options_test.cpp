// SPDX-License-Identifier: Apache-2.0
#include "common/options/command_options.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

class CommandOptionsOf : public testing::Test {
 protected:
    /// What is wrong with the arguments; empty when nothing is.
    std::string parse(const std::string& arguments) {
        try {
            app.parse(arguments);
        } catch (const CLI::ParseError& error) {
            return error.what();
        }
        return {};
    }

    CLI::App app;
    CommandOptions command{app};
};

TEST_F(CommandOptionsOf, EachKindOfValueIsBoundToItsField) {
    std::string text;
    std::int64_t number = 1;
    std::optional<std::int64_t> unset_number;
    std::optional<std::int64_t> maybe_number;
    std::optional<double> maybe_fraction;
    double fraction = 0;
    bool flag = false;
    command.add("-t,--text", text, "");
    command.add("--number", number, "");
    command.add("--unset", unset_number, "");
    command.add("--maybe", maybe_number, "");
    command.add("--fraction", fraction, "");
    command.add("--part", maybe_fraction, "");
    command.add_flag("-f,--flag", flag, "");
    EXPECT_EQ(parse("-t word --number -3 --maybe 0 --fraction 2.5 --part 0.1 -f"), "");
    EXPECT_EQ(text, "word");
    EXPECT_EQ(number, -3);
    EXPECT_EQ(unset_number, std::nullopt);
    EXPECT_EQ(maybe_number, 0);
    EXPECT_EQ(fraction, 2.5);
    EXPECT_EQ(maybe_fraction, 0.1);
    EXPECT_TRUE(flag);
}

TEST_F(CommandOptionsOf, ARepeatedOptionTakesOneValueEachTimeAndAnArgumentAllThatFollow) {
    std::vector<std::string> groups;
    std::vector<std::string> files;
    command.add("--group", groups, "");
    command.add("files", files, "");
    EXPECT_EQ(parse("--group a x --group b y"), "");
    EXPECT_EQ(groups, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(files, (std::vector<std::string>{"x", "y"}));
}

TEST_F(CommandOptionsOf, AFlagWithItsReverseIsUnsetUntilOneOfBothIsGiven) {
    for (const auto& [arguments, expected] :
         std::vector<std::pair<std::string, std::optional<bool>>>{
             {"", std::nullopt}, {"--verify", true}, {"--no-verify", false}}) {
        CLI::App fresh;
        std::optional<bool> verify;
        CommandOptions(fresh).add_flag("--verify,!--no-verify", verify, "");
        fresh.parse(arguments);
        EXPECT_EQ(verify, expected) << arguments;
    }
}

TEST_F(CommandOptionsOf, WhatIsWrongWithATextIsSaidBehindTheOptionsName) {
    std::string checked;
    std::string read;
    std::string chosen;
    const auto complain = [](const std::string& text) {
        return text == "good" ? "" : "'" + text + "' is not good";
    };
    command.add("--checked", checked, "", {.check = complain});
    command.add_reader(
        "-r,--read",
        [&](const std::string& text) {
            read = text;
            return complain(text);
        },
        "");
    command.add("--chosen", chosen, "", {.choices = {"a", "b"}});
    EXPECT_EQ(parse("--checked good --read good --chosen b"), "");
    EXPECT_EQ(read, "good");
    EXPECT_EQ(parse("--checked bad"), "--checked: 'bad' is not good");
    EXPECT_EQ(parse("--read bad"), "-r: 'bad' is not good");
    EXPECT_EQ(parse("--chosen c"), "--chosen: c not in {a,b}");
}

TEST_F(CommandOptionsOf, RequiredAndExclusiveOptionsAreHeldToThat) {
    std::string outcome;
    bool failed = false;
    std::string out;
    command.add("--outcome", outcome, "");
    command.add_flag("--failed", failed, "", {.excludes = "--outcome"});
    command.add("--out", out, "", {.required = true});
    EXPECT_EQ(parse("--failed"), "--out is required");
    EXPECT_EQ(parse("--out x --failed --outcome ok"), "--outcome excludes --failed");
    EXPECT_EQ(parse("--out x --failed"), "");
}

TEST_F(CommandOptionsOf, OneFormAtMostIsGivenAndNoneHasToBe) {
    CommandOptions show = command.add_form("show", "");
    CommandOptions diff = command.add_hidden_form("diff", "");
    EXPECT_EQ(parse(""), "");
    EXPECT_FALSE(show.is_given());
    EXPECT_EQ(parse("show"), "");
    EXPECT_TRUE(show.is_given());
    EXPECT_FALSE(diff.is_given());
    EXPECT_EQ(parse("diff"), "");
    EXPECT_NE(parse("show diff"), "");
    EXPECT_FALSE(CommandOptions().is_given());
}

TEST_F(CommandOptionsOf, ARequiredFormStaysRequiredWhenOthersAreAdded) {
    command.add_form("show", "");
    command.require_form();
    command.add_form("check", "");
    EXPECT_EQ(parse(""), "A subcommand is required");
    EXPECT_EQ(parse("check"), "");
}

TEST_F(CommandOptionsOf, HelpShowsTypesDefaultsAndHeadingsAndNothingHidden) {
    std::int64_t limit = 20;
    bool secret = false;
    command.add("--limit",
                limit,
                "At most so many",
                {.type = "N", .group = "Filters", .shows_default = true});
    command.add_flag("--secret", secret, "Not shown", {.hidden = true});
    command.add_hidden_form("internal", "Not shown");
    const std::string help = app.help();
    const auto shows = [&](const char* text) { return help.find(text) != std::string::npos; };
    EXPECT_TRUE(shows("Filters:\n  --limit N=20") || shows("Filters:\n  --limit N [20]"))
        << "the first is CLI11 2.3, the second 2.4 and later: " << help;
    EXPECT_EQ(help.find("ecret"), std::string::npos) << help;
    EXPECT_EQ(help.find("internal"), std::string::npos) << help;
}

}  // namespace
}  // namespace caretaker
