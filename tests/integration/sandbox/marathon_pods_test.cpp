// SPDX-License-Identifier: Apache-2.0
// The pods of the fake Marathon over the wire, and that Mesos shows their containers.
#include "tests/sandbox/marathon_pods.hpp"

#include "served_json.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_at;
using caretaker::testing::json_number;
using caretaker::testing::json_text;

class MarathonPodsTest : public ::testing::Test {
 protected:
    MarathonPodsTest() { start("1.10.26"); }

    void start(const std::string& version) {
        marathon_.reset();
        platform_.emplace(make_platform({.agents = 6, .apps = 4, .tasks_per_agent = 3, .pods = 2}));
        marathon_.emplace(*platform_, FakeMarathonOptions{.version = version});
    }

    std::string url(const std::string& path) { return marathon_->url() + path; }

    std::optional<FakePlatform> platform_{};
    std::optional<FakeMarathon> marathon_{};
    ServiceAsker asker_{};
};

TEST_F(MarathonPodsTest, AreListedWithWhatRunsOfThem) {
    const auto& pods = asker_.json(url("/v2/pods/::status"));
    ASSERT_EQ(pods.Size(), 2U);
    const auto& pod = pods[0];
    EXPECT_EQ(json_text(pod, "id"), "/logs/shipper-pod-0");
    EXPECT_EQ(json_text(json_at(pod, "spec"), "id"), "/logs/shipper-pod-0");
    const auto& instances = json_at(pod, "instances");
    ASSERT_EQ(instances.Size(), 2U);
    EXPECT_EQ(json_text(instances[0], "status"), "STABLE");
    EXPECT_NE(json_text(instances[0], "agentId"), json_text(instances[1], "agentId")) << "UNIQUE";
    EXPECT_EQ(json_number(json_at(instances[0], "resources"), "cpus"), 0.5);
    const auto& containers = json_at(instances[0], "containers");
    ASSERT_EQ(containers.Size(), 2U);
    EXPECT_EQ(json_text(containers[0], "status"), "TASK_RUNNING");
    EXPECT_EQ(json_at(containers[0], "endpoints").Size(), 1U);
}

TEST_F(MarathonPodsTest, AreThereOneByOneAndAsDefinitions) {
    EXPECT_EQ(asker_.json(url("/v2/pods")).Size(), 2U);
    EXPECT_EQ(json_at(asker_.json(url("/v2/pods/web/front-pod-1")), "containers").Size(), 2U);
    EXPECT_EQ(json_at(asker_.json(url("/v2/pods/web/front-pod-1::status")), "instances").Size(),
              3U);
    EXPECT_EQ(asker_.send(HttpMethod::get, url("/v2/pods/none::status")).status, 404);
    EXPECT_EQ(asker_.send(HttpMethod::head, url("/v2/pods")).status, 200);
}

TEST_F(MarathonPodsTest, AreUnknownToOldMarathonsAndTellNoAgentIdInBetween) {
    start("1.3.6");
    EXPECT_EQ(asker_.send(HttpMethod::get, url("/v2/pods/::status")).status, 404);
    start("1.4.9");
    const auto& pods = asker_.json(url("/v2/pods/::status"));
    EXPECT_FALSE(json_at(pods[0], "instances")[0].HasMember("agentId"));
}

TEST_F(MarathonPodsTest, AreTasksAndExecutorsToMesos) {
    const auto state = platform_->state();
    const FakePodInstance& instance = state->marathon.pods.at("/logs/shipper-pod-0").placed[0];
    FakeMesos mesos(*platform_, {.served_agents = 0});
    std::string tasks;
    std::string executors;
    for (const auto& framework :
         json_at(asker_.json(mesos.url() + "/master/state"), "frameworks").GetArray()) {
        for (const auto& task : json_at(framework, "tasks").GetArray()) {
            tasks += json_text(task, "id") + "\n";
        }
        for (const auto& executor : json_at(framework, "executors").GetArray()) {
            executors += json_text(executor, "executor_id") + "\n";
        }
    }
    EXPECT_NE(tasks.find(instance.id + ".main\n"), std::string::npos) << tasks;
    EXPECT_NE(tasks.find(instance.id + ".sidecar\n"), std::string::npos) << tasks;
    EXPECT_NE(executors.find("instance-logs_shipper-pod-0."), std::string::npos) << executors;
    EXPECT_EQ(asker_.send(HttpMethod::get, url("/v2/tasks")).body.find("-pod-"), std::string::npos)
        << "pods are no apps";
}

}  // namespace
}  // namespace caretaker::sandbox
