// SPDX-License-Identifier: Apache-2.0
#include "common/cli/command_tree_reader.hpp"

#include "common/cli/command_line.hpp"
#include "common/options/command_options.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace caretaker {
namespace {

class SampleJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add(
            "--word", word_, "One of three", {.type = "WORD", .choices = {"a", "b", "c-d"}});
        command.add("--count", count_, "How many", {.type = "N"});
        command.add("-f,--from,--source", word_, "Where from", {.type = "FILE", .group = "Places"});
        command.add("--many", many_, "Repeatable");
        command.add_flag("--quick", quick_, "At once");
        command.add_flag("--secret", quick_, "Not shown", {.hidden = true});
        CommandOptions show = command.add_form("show", "Everything");
        show.add("run", word_, "Which", {.type = "RUN", .required = true});
        command.add_hidden_form("internal", "Not shown");
    }

    Report run(Context& /*context*/) override { return {}; }

 private:
    std::string word_{};
    std::int64_t count_ = 0;
    std::vector<std::string> many_{};
    bool quick_ = false;
};

constexpr JobInfo sample{.name = "sample",
                         .summary = "Does something",
                         .description = "In two\n\nparagraphs.",
                         .examples = "  caretaker sample\n      once\n  caretaker sample --quick\n",
                         .kind = JobKind::check};

const std::array entries{JobEntry{.info = sample, .make = []() -> std::unique_ptr<Job> {
                                      return std::make_unique<SampleJob>();
                                  }}};

CommandHelp tree() {
    return read_command_tree(*parse_command_line(entries, {"sample", "--help"}).app, entries);
}

const OptionHelp& option(const CommandHelp& command, const std::string& name) {
    for (const OptionHelp& candidate : command.options) {
        if (std::ranges::find(candidate.names, name) != candidate.names.end()) {
            return candidate;
        }
    }
    throw std::runtime_error("no option " + name);
}

TEST(CommandTree, HoldsEachCommandWithItsWords) {
    const CommandHelp root = tree();
    EXPECT_EQ(root.path, "caretaker");
    ASSERT_EQ(root.commands.size(), 1);
    const CommandHelp& command = root.commands.front();
    EXPECT_EQ(command.name, "sample");
    EXPECT_EQ(command.path, "caretaker sample");
    EXPECT_EQ(command.summary, "Does something");
    EXPECT_EQ(command.description, "In two\n\nparagraphs.");
    EXPECT_EQ(command.examples, sample.examples);
    EXPECT_TRUE(command.recorded);
    EXPECT_FALSE(command.needs_command);
    ASSERT_EQ(command.commands.size(), 1) << "the hidden one is left out";
    EXPECT_EQ(command.commands.front().path, "caretaker sample show");
    EXPECT_EQ(root.examples, "  caretaker sample\n      once\n");
}

TEST(CommandTree, HoldsEachOptionWithItsValues) {
    const CommandHelp command = tree().commands.front();
    EXPECT_EQ(option(command, "--word").value, "WORD");
    EXPECT_EQ(option(command, "--word").words, (std::vector<std::string>{"a", "b", "c-d"}));
    EXPECT_EQ(option(command, "--count").value, "N");
    EXPECT_TRUE(option(command, "--count").words.empty());
    EXPECT_EQ(option(command, "--from").names,
              (std::vector<std::string>{"-f", "--from", "--source"}));
    EXPECT_EQ(option(command, "--from").group, "Places");
    EXPECT_FALSE(option(command, "--from").repeatable);
    EXPECT_TRUE(option(command, "--many").repeatable);
    EXPECT_EQ(option(command, "--quick").value, "");
    EXPECT_THROW(option(command, "--secret"), std::runtime_error);

    const OptionHelp& run = command.commands.front().options.back();
    EXPECT_EQ(run.names, std::vector<std::string>{"run"});
    EXPECT_EQ(run.value, "RUN");
    EXPECT_TRUE(run.is_argument);
    EXPECT_TRUE(run.required);
}

TEST(CommandTree, TellsTheOptionsOfEveryCommandApart) {
    const CommandHelp root = tree();
    const std::vector<OptionHelp> shared = global_options(root);
    const auto has = [&shared](const std::string& name) {
        return std::ranges::any_of(shared, [&name](const OptionHelp& candidate) {
            return std::ranges::find(candidate.names, name) != candidate.names.end();
        });
    };
    EXPECT_TRUE(has("--target"));
    EXPECT_TRUE(has("--output"));
    EXPECT_FALSE(has("--version"));
    EXPECT_EQ(option(root, "--output").words,
              (std::vector<std::string>{"table", "json", "jsonl", "csv", "none"}));
}

TEST(CommandTree, HasTheOptionsOfThoseThatAreNamedUnlessSomebodyAsksForAll) {
    constexpr JobInfo pages{.name = "pages",
                            .summary = "Writes pages",
                            .kind = JobKind::inspect,
                            .is_about_options = true};
    const auto make = []() -> std::unique_ptr<Job> { return std::make_unique<SampleJob>(); };
    const std::array both{JobEntry{.info = sample, .make = make},
                          JobEntry{.info = pages, .make = make}};
    const auto sample_of = [&](std::vector<std::string> args) {
        const CommandHelp root = read_command_tree(*parse_command_line(both, args).app, both);
        return *std::ranges::find(root.commands, "sample", &CommandHelp::name);
    };
    EXPECT_EQ(sample_of({"--help"}).summary, "Does something");
    EXPECT_TRUE(sample_of({"--help"}).commands.empty());
    EXPECT_FALSE(sample_of({"sample", "--help"}).commands.empty());
    EXPECT_FALSE(sample_of({"--utc", "pages"}).commands.empty());
}

}  // namespace
}  // namespace caretaker
