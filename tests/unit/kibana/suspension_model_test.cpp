// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/suspension_model.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(SuspensionModel, IsContentOnceNoTaskIsLeft) {
    EXPECT_FALSE(find_awake({.id = "/a"}));
}

TEST(SuspensionModel, DoesNotTakeInstancesForTasks) {
    for (const KibanaApp& app : {KibanaApp{.id = "/a", .running = 2},
                                 KibanaApp{.id = "/a", .tasks = {{.host = "h"}, {.host = "i"}}}}) {
        const auto awake = find_awake(app);
        ASSERT_TRUE(awake);
        EXPECT_EQ(awake->state, ActionState::unknown);
        EXPECT_EQ(awake->error, "2 of its tasks are not gone");
    }
}

TEST(SuspensionModel, SeesThatSomebodyScaledItUp) {
    const auto awake = find_awake({.id = "/a", .instances = 1, .running = 1});
    ASSERT_TRUE(awake);
    EXPECT_EQ(awake->state, ActionState::failed);
}

}  // namespace
}  // namespace caretaker
