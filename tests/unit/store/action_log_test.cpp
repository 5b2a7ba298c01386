// SPDX-License-Identifier: Apache-2.0
// What a run is about to do, on record before and after.
#include "common/store/action_log.hpp"

#include "common/store/store.hpp"
#include "tests/unit/store/run_builder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {

namespace {

class ActionLogTest : public testing::Test {
 protected:
    std::string states(std::int64_t run) {
        std::string text;
        for (const ActionRow& row : store_->run_details(run).actions) {
            text += (text.empty() ? "" : " ") + std::to_string(row.seq) + row.state;
        }
        return text;
    }

    /// A run that started all its actions and came no further.
    std::int64_t leave_open(int number, Outcome outcome = Outcome::interrupted) {
        const std::int64_t id = store_->begin_run(make_run(number));
        ActionList list = actions_;
        list.set_started(0, first_start);
        list.set_started(1, first_start);
        store_->action_log(id).start(list, both_);
        const Report report;
        store_->close_run(id, make_close(report, number, outcome));
        return id;
    }

    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
    ActionList actions_{
        {.kind = "delete", .subject = "a", .reason = "old", .bytes = 5, .identity = "uuid-a"},
        {.kind = "delete", .subject = "b", .reason = "old", .identity = "uuid-b"}};
    const std::vector<std::size_t> both_{0, 1};
};

TEST_F(ActionLogTest, FollowsActionsFromTheirStartToTheirEnd) {
    const std::int64_t id = store_->begin_run(make_run(1));
    ActionLog log = store_->action_log(id);
    for (const std::size_t index : both_) {
        actions_.set_started(index, first_start);
    }
    log.start(actions_, both_);
    EXPECT_EQ(states(id), "1started 2started");
    actions_.set_ended(0, ActionState::done, first_start + std::chrono::seconds(1), {}, 9);
    actions_.set_ended(1, ActionState::failed, first_start, "403", std::nullopt);
    log.finish(actions_, both_);
    EXPECT_EQ(states(id), "1done 2failed");
    const auto rows = store_->run_details(id).actions;
    EXPECT_EQ(rows[0].bytes, 9);
    EXPECT_EQ(rows[0].ended_at, first_start + std::chrono::seconds(1));
    EXPECT_EQ(rows[1].error, "403");
}

TEST_F(ActionLogTest, KnowsWhichActionsOfEarlierRunsHaveNoEnd) {
    leave_open(1);
    const auto open = store_->unsettled_actions("lag", "prod");
    ASSERT_EQ(open.size(), 2U);
    EXPECT_EQ(open[0].subject, "a");
    EXPECT_EQ(open[0].kind, "delete");
    EXPECT_EQ(open[0].identity, "uuid-a");
    EXPECT_EQ(open[0].run, store_->run_details(1).run.uid);
    EXPECT_EQ(open[1].subject, "b");
    EXPECT_TRUE(store_->unsettled_actions("lag", "test").empty());
    EXPECT_TRUE(store_->unsettled_actions("rotate", "prod").empty());
}

TEST_F(ActionLogTest, LeavesTheActionsOfARunUnderWayToIt) {
    const std::int64_t id = store_->begin_run(make_run(1));
    store_->action_log(id).start(actions_, both_);
    EXPECT_TRUE(store_->unsettled_actions("lag", "prod").empty());
}

TEST_F(ActionLogTest, GivesSuchActionsTheirEnd) {
    const std::int64_t id = leave_open(1);
    const auto open = store_->unsettled_actions("lag", "prod");
    const std::vector<SettledAction> settled{{.id = open[0].id, .done = true},
                                             {.id = open[1].id, .done = false}};
    store_->settle_actions(settled, "uid-2", first_start);
    EXPECT_EQ(states(id), "1done 2failed");
    EXPECT_EQ(store_->run_details(id).actions[1].error, "not done: seen unchanged by run uid-2");
    EXPECT_TRUE(store_->unsettled_actions("lag", "prod").empty());
}

TEST_F(ActionLogTest, NeverChangesAnEndThatIsKnown) {
    const std::int64_t id = leave_open(1);
    const auto open = store_->unsettled_actions("lag", "prod");
    const std::vector<SettledAction> done{{.id = open[0].id, .done = true}};
    const std::vector<SettledAction> failed{{.id = open[0].id, .done = false}};
    store_->settle_actions(done, "uid-2", first_start);
    store_->settle_actions(failed, "uid-3", first_start);
    EXPECT_EQ(states(id), "1done 2started");
}

}  // namespace

}  // namespace caretaker
