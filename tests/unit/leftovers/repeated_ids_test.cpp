// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/repeated_ids.hpp"

#include "tests/unit/leftovers/cluster_samples.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

namespace caretaker {
namespace {

struct Item {
    std::string id{};
    int number = 0;
};

TEST(RepeatedIds, LeaveTheLastOfEachInTheOrderOfTheIds) {
    std::mt19937 random(4);
    for (int round = 0; round < 500; ++round) {
        std::vector<Item> items;
        std::map<std::string, int> expected;
        const auto count = static_cast<int>(random() % 30);
        for (int i = 0; i < count; ++i) {
            const std::string id = std::to_string(random() % 20);
            items.push_back({id, i});
            expected[id] = i;
        }
        keep_last_of_each_id(items);
        std::map<std::string, int> found;
        std::string before;
        for (const Item& item : items) {
            EXPECT_LT(before, item.id);
            before = item.id;
            found[item.id] = item.number;
        }
        EXPECT_EQ(found, expected) << round;
        EXPECT_EQ(found.size(), items.size());
    }
}

TEST(RepeatedIds, OfTasksLeaveThePlaceThatWasToldLast) {
    const ClusterFacts facts = testing::read_facts(
        {R"({"tasks":[{"id":"b","appId":"/a","slaveId":"S0","host":"h","state":"TASK_RUNNING"},)"
         R"({"id":"a","appId":"/a","slaveId":"S0","host":"h","state":"TASK_RUNNING"}]})",
         R"({"tasks":[{"id":"b","appId":"/a","slaveId":"S1","host":"h","state":"TASK_RUNNING"}]})"});
    const std::vector<MarathonTask>& tasks = facts.workload.tasks;
    ASSERT_EQ(tasks.size(), 2U);
    EXPECT_EQ(tasks[0].agent, "S0");
    EXPECT_EQ(tasks[1].agent, "S1");
    EXPECT_EQ(tasks[0].app.identity(), tasks[1].app.identity()) << "one text for all of an app";
    EXPECT_EQ(tasks[0].host.identity(), tasks[1].host.identity());
    EXPECT_EQ(tasks[0].state.identity(), tasks[1].state.identity());
    EXPECT_TRUE(tasks[0].id.empty()) << "nobody asks for it once the tasks are told apart";
}

}  // namespace
}  // namespace caretaker
