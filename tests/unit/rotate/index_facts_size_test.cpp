// SPDX-License-Identifier: Apache-2.0
// What keeps a hundred thousand indices small: numbers that may be missing, parts that are rare,
// and names that a plan does not copy.
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {
namespace {

TEST(IndexFacts, TakeNoMoreThan88BytesBesideTheirTexts) {
    EXPECT_LE(sizeof(IndexFacts), 88U);
}

TEST(OptionalNumber, TellsNoneFromAnyNumberButTheLeast) {
    OptionalNumber number;
    EXPECT_FALSE(number);
    EXPECT_EQ(number.value_or(7), 7);
    for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}}) {
        number = value;
        EXPECT_TRUE(number);
        EXPECT_EQ(*number, value);
        EXPECT_EQ(number.value_or(7), value);
    }
    number = std::optional(std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(*number, std::numeric_limits<std::int64_t>::max());
    number.reset();
    EXPECT_EQ(std::optional<std::int64_t>(number), std::nullopt);
    number = std::optional<std::int64_t>();
    EXPECT_FALSE(number.has_value());
}

TEST(RarePart, ReadsAsItsDefaultUntilItIsEdited) {
    RarePart<RareFacts> part;
    EXPECT_FALSE(part.has_value());
    EXPECT_TRUE(part->lifecycle.empty());
    part.edit().lifecycle = "hot";
    EXPECT_TRUE(part.has_value());
    EXPECT_EQ(part->lifecycle, "hot");
}

TEST(RarePart, CopiesItsValueAndNotItsPlace) {
    RarePart<RareFacts> part = RareFacts{.lifecycle = "hot"};
    RarePart<RareFacts> copy = part;
    copy.edit().lifecycle = "cold";
    EXPECT_EQ(part->lifecycle, "hot");
    part = copy;
    EXPECT_EQ(part->lifecycle, "cold");
    part = RarePart<RareFacts>();
    EXPECT_FALSE(part.has_value());
    EXPECT_EQ(copy->lifecycle, "cold");
}

TEST(RotatePlanner, PlansActionsWithTheTextsThatTheIndicesHave) {
    IndexList list;
    const std::string_view both = list.texts->keep_pair("logs-1", "uuid-1");
    list.indices.push_back({.name = both.substr(0, 6), .uuid = both.substr(6)});
    ActionFile file = read_action_file(
        "actions: {1: {action: delete_indices, filters: [{filtertype: none}]}}\n",
        "f.yml",
        [](std::string_view) -> std::optional<std::string> { return std::nullopt; });
    const std::deque<ActionSpec> specs(file.actions.begin(), file.actions.end());
    ActionList actions;
    {
        RotatePlanner planner(std::move(list), {}, {});
        planner.add(specs.front(), {});
        actions = planner.finish();
    }
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions.subject(0).data(), both.data());
    EXPECT_EQ(actions.subject(0), "logs-1");
    EXPECT_EQ(actions.identity(0), "uuid-1");
}

}  // namespace
}  // namespace caretaker
