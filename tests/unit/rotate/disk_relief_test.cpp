// SPDX-License-Identifier: Apache-2.0
// Which indices must go until every disk has room.
#include "jobs/rotate/disk_relief.hpp"

#include "jobs/rotate/rotate_plan.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

std::optional<std::int64_t> usable(std::string_view text, std::int64_t total = 1'000) {
    const auto limit = DiskLimit::parse(text);
    return limit ? std::optional(limit->usable(total)) : std::nullopt;
}

TEST(DiskLimit, IsReadAsServersWriteWatermarks) {
    EXPECT_EQ(usable("85%"), 850);
    EXPECT_EQ(usable("0.85"), 850);
    EXPECT_EQ(usable("100%"), 1'000);
    EXPECT_EQ(usable("0%"), 0);
    EXPECT_EQ(usable("200b"), 800);
    EXPECT_EQ(usable("1kb", 4'096), 3'072);
    EXPECT_EQ(usable("1.5KB", 4'096), 2'560);
    EXPECT_EQ(usable("2kb"), 0);  // the disk is smaller
    for (const char* wrong : {"", "%", "101%", "-1%", "1.5", "x", "gb", "5 gb", "nan", "1e400b"}) {
        EXPECT_FALSE(usable(wrong)) << wrong;
    }
}

TEST(DiskLimit, MayBeNamedAfterAWatermarkOfTheCluster) {
    const Watermarks watermarks{{"low", "85%"}, {"high", "10b"}};
    std::string problem;
    EXPECT_EQ(find_disk_limit("low", watermarks, problem)->usable(1'000), 850);
    EXPECT_EQ(find_disk_limit("high", watermarks, problem)->usable(1'000), 990);
    EXPECT_EQ(find_disk_limit("70%", {}, problem)->usable(1'000), 700);
    EXPECT_EQ(problem, "");
    EXPECT_FALSE(find_disk_limit("flood_stage", watermarks, problem));
    EXPECT_NE(problem.find("no disk watermark flood_stage"), std::string::npos);
    EXPECT_FALSE(find_disk_limit("lowest", watermarks, problem));
    EXPECT_NE(problem.find("'lowest' is no limit"), std::string::npos);
}

DiskState two_disks(std::int64_t used_of_first, std::int64_t used_of_second) {
    const std::vector<ClusterNode> nodes{
        {.name = "n1", .total_bytes = 1'000, .available_bytes = 1'000 - used_of_first},
        {.name = "n2", .total_bytes = 1'000, .available_bytes = 1'000 - used_of_second},
        {.name = "client"}};
    const std::vector<ShardCopy> copies{{.index = "both", .node = "n1", .bytes = 100},
                                        {.index = "both", .node = "n2", .bytes = 100},
                                        {.index = "first", .node = "n1", .bytes = 100},
                                        {.index = "second", .node = "n2", .bytes = 100},
                                        {.index = "elsewhere", .node = "", .bytes = 100}};
    return {nodes, copies, *DiskLimit::parse("80%")};
}

TEST(DiskState, IsTightOnlyBeyondTheLimit) {
    EXPECT_FALSE(two_disks(800, 0).is_tight());
    EXPECT_TRUE(two_disks(801, 0).is_tight());
    EXPECT_EQ(two_disks(900, 1'000).describe_excess(), "n1 by 100 B, n2 by 200 B");
}

TEST(DiskState, IsHelpedByWhatLiesOnAFullNode) {
    DiskState disks = two_disks(900, 100);
    EXPECT_TRUE(disks.would_help("first"));
    EXPECT_TRUE(disks.would_help("both"));
    EXPECT_FALSE(disks.would_help("second"));
    EXPECT_FALSE(disks.would_help("elsewhere"));
    EXPECT_FALSE(disks.would_help("none"));
    disks.remove("first");
    EXPECT_FALSE(disks.is_tight());
    EXPECT_FALSE(disks.would_help("both"));
    EXPECT_FALSE(disks.would_help("first"));
}

TEST(DiskState, TakesTheOldestThatHelp) {
    const std::string text =
        "actions: {1: {action: delete_indices, filters: [{filtertype: none}]}, 2: {action: "
        "delete_indices, filters: [{filtertype: none}]}}\n";
    ActionFile file = read_action_file(
        text, "f.yml", [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
    const std::deque<ActionSpec> specs(file.actions.begin(), file.actions.end());
    RotatePlanner planner({.indices = {{.name = "both", .created_ms = 3'000},
                                       {.name = "first", .created_ms = 2'000},
                                       {.name = "second", .created_ms = 1'000},
                                       {.name = "unknown"}}},
                          {},
                          {});
    planner.delete_until(two_disks(950, 850));
    for (const ActionSpec& spec : specs) {
        planner.add(spec, {});
    }
    std::vector<std::string> deleted;
    for (const Action& action : planner.actions()) {
        deleted.push_back(action.subject);
    }
    // second and first do not do; both brings n1 below its limit.
    EXPECT_EQ(deleted, (std::vector<std::string>{"both", "first", "second"}));
    EXPECT_EQ(planner.steps()[1].state, StepState::nothing);
    EXPECT_EQ(planner.steps()[1].note, "no disk is beyond its limit");
    EXPECT_TRUE(planner.warnings().empty());
}

}  // namespace
}  // namespace caretaker
