// SPDX-License-Identifier: Apache-2.0
// One action by the command line alone, parsed by the real parser.
#include "jobs/rotate/single_action.hpp"

#include "common/base/error.hpp"
#include "jobs/rotate/curator_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace caretaker {
namespace {

struct Parsed {
    std::unique_ptr<CLI::App> app{};
    std::unique_ptr<SingleActions> actions{};
};

Parsed parse(std::vector<std::string> words) {
    Parsed parsed{.app = std::make_unique<CLI::App>("rotate"),
                  .actions = std::make_unique<SingleActions>()};
    CommandOptions command(*parsed.app);
    parsed.actions->describe(command);
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    parsed.app->parse(reversed);
    return parsed;
}

std::string text(std::vector<std::string> words) {
    return parse(std::move(words)).actions->text();
}

std::string refusal(std::vector<std::string> words) {
    try {
        (void)parse(std::move(words)).actions->read();
    } catch (const UsageError& error) {
        return error.what();
    }
    return {};
}

TEST(SingleAction, StandsAsItWouldInAFile) {
    EXPECT_EQ(text({"delete-indices", "--filter_list", R"({"filtertype":"none"})"}),
              R"({"actions":{"1":{"action":"delete_indices","options":{},)"
              R"("filters":[{"filtertype":"none"}]}}})");
    EXPECT_EQ(text({"replicas",
                    "--count",
                    "2",
                    "--no-wait_for_completion",
                    "--filter-list",
                    R"([{"filtertype":"none"}])"}),
              R"({"actions":{"1":{"action":"replicas","options":{"count":"2",)"
              R"("wait_for_completion":false},"filters":[{"filtertype":"none"}]}}})");
    EXPECT_EQ(text({"rollover", "--name", "r", "--max_docs", "5", "--max_age", "1d"}),
              R"({"actions":{"1":{"action":"rollover","options":{"name":"r",)"
              R"("conditions":{"max_age":"1d","max_docs":"5"}}}}})");
    EXPECT_EQ(text({"alias",
                    "--name",
                    "a",
                    "--add",
                    R"({"filtertype":"none"})",
                    "--remove",
                    R"([{"filtertype":"none"}])"}),
              R"({"actions":{"1":{"action":"alias","options":{"name":"a"},)"
              R"("add":{"filters":[{"filtertype":"none"}]},)"
              R"("remove":{"filters":[{"filtertype":"none"}]}}}})");
    EXPECT_NE(text({"shrink", "--filter_list", "{}"}).find(R"("shrink_node":"DETERMINISTIC")"),
              std::string::npos);
    EXPECT_NE(text({"restore", "--repository", "r", "--index", "a", "--index", "b"})
                  .find(R"("indices":["a","b"])"),
              std::string::npos);
}

TEST(SingleAction, IsCheckedAsAFileIs) {
    const std::string none = R"({"filtertype":"none"})";
    const Parsed parsed =
        parse({"allocation", "--key", "box", "--value", "warm", "--filter_list", none});
    const ActionFile file = parsed.actions->read();
    ASSERT_EQ(file.actions.size(), 1U);
    EXPECT_EQ(file.actions[0].type, ActionType::allocation);
    EXPECT_EQ(file.actions[0].options.text("allocation_type"), "require");
    EXPECT_EQ(refusal({"open", "--filter_list", none}), "");
    EXPECT_NE(refusal({"open"}).find("open: action 1 needs a list of filters"), std::string::npos);
    EXPECT_NE(refusal({"replicas", "--count", "11", "--filter_list", none})
                  .find("count must be from 0 to 10"),
              std::string::npos);
    EXPECT_NE(refusal({"open", "--filter_list", "[{"}).find("--filter_list"), std::string::npos);
    EXPECT_NE(refusal({"open", "--filter_list", R"({"filtertype":"nones"})"}).find("nones"),
              std::string::npos);
    EXPECT_NE(refusal({"delete-snapshots", "--filter_list", none}).find("repository"),
              std::string::npos);
}

TEST(SingleAction, MayOnlyShow) {
    const Parsed indices = parse({"show-indices"});
    EXPECT_EQ(indices.actions->listed(), ListedKind::indices);
    EXPECT_EQ(indices.actions->read().actions.size(), 1U);
    const Parsed snapshots = parse({"show-snapshots", "--repository", "r"});
    EXPECT_EQ(snapshots.actions->listed(), ListedKind::snapshots);
    EXPECT_EQ(snapshots.actions->read().actions.size(), 1U);
    EXPECT_EQ(parse({"open"}).actions->listed(), ListedKind::nothing);
    EXPECT_FALSE(parse({}).actions->is_given());
}

TEST(CuratorName, TakesTheOlderSpellingsOfActions) {
    const auto words =
        curator_arguments("/usr/bin/curator_cli", {"--hosts", "http://a_b:9200", "delete_indices"});
    ASSERT_TRUE(words);
    EXPECT_EQ(words->back(), "delete-indices");
    EXPECT_EQ((*words)[words->size() - 2], "http://a_b:9200");
    EXPECT_FALSE(curator_arguments("caretaker", {}));
    EXPECT_EQ(curator_arguments("curator", {"delete_indices"})->back(), "delete_indices");
}

}  // namespace
}  // namespace caretaker
