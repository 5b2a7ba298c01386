// SPDX-License-Identifier: Apache-2.0
// The steps that deletions have in common, through the executor that records.
#include "common/base/action_steps.hpp"

#include "common/base/log.hpp"
#include "common/base/progress.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/recorded_actions.hpp"
#include "tests/support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

bool is_new(std::string_view identity) {
    return identity == "new";
}

TEST(SettledDeletions, AreDoneWhereTheThingIsGone) {
    const std::vector<UnsettledAction> open{{.id = 1, .subject = "a", .identity = "old"},
                                            {.id = 2, .subject = "b", .identity = "new"}};
    const auto settled = settle_deletions(open, is_new);
    ASSERT_EQ(settled.size(), 2U);
    EXPECT_TRUE(settled[0].done);
    EXPECT_FALSE(settled[1].done);
}

TEST(SettledDeletions, StayOpenWhereAThingCannotBeToldFromALaterOne) {
    const std::vector<UnsettledAction> open{{.id = 1, .subject = "a"}};
    EXPECT_TRUE(settle_deletions(open, is_new).empty());
}

class ActionSteps : public ::testing::Test {
 protected:
    FakeClock clock_{};
    StopSignal stop_{};
    Log log_{LogLevel::off, LogFormat::plain};
    std::optional<ActionLog> no_record_{};
    ActionList actions_{{.kind = "delete", .subject = "a", .identity = "old"},
                        {.kind = "delete", .subject = "b", .identity = "new"},
                        {.kind = "delete", .subject = "c", .identity = "old"}};
    RecordedActions executor_{
        actions_,
        no_record_,
        {.clock = clock_, .stop = stop_, .log = log_, .progress = NoProgress::instance()}};
};

TEST_F(ActionSteps, TakeTheActionsInTheirOrderAndTheRestLast) {
    std::vector<std::vector<std::size_t>> batches;
    run_in_batches(executor_, 2, [&](std::span<const std::size_t> indices) {
        batches.emplace_back(indices.begin(), indices.end());
        return std::vector<ActionResult>(indices.size());
    });
    EXPECT_EQ(batches, (std::vector<std::vector<std::size_t>>{{0, 1}, {2}}));
    EXPECT_EQ(actions_.count(ActionState::done), 3);
}

TEST_F(ActionSteps, FindWhatIsStillThereAmongWhatWasAnsweredAsDone) {
    run_in_batches(executor_, 1, [&](std::span<const std::size_t> indices) {
        const bool last = indices.front() == 2;
        return std::vector<ActionResult>{
            {.state = last ? ActionState::unknown : ActionState::done}};
    });
    fail_those_still_there(executor_, is_new);
    EXPECT_EQ(actions_.state(0), ActionState::done);
    EXPECT_EQ(actions_.state(1), ActionState::failed);
    EXPECT_EQ(actions_[1].error, "is still there");
    EXPECT_EQ(actions_.state(2), ActionState::unknown);
}

}  // namespace
}  // namespace caretaker
