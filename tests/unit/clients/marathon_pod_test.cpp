// SPDX-License-Identifier: Apache-2.0
// Pods and their instances in the forms of Marathon 1.4 to 1.10.
#include "common/clients/marathon_pod.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/text/timestamp.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace caretaker {
namespace {

MarathonApp pod(const std::string& members) {
    const JsonDocument document = JsonDocument::parse(R"({"id":"/p")" + members + "}", "test");
    return read_marathon_pod(document.root());
}

std::optional<MarathonTask> instance(const std::string& members) {
    const JsonDocument document =
        JsonDocument::parse(R"({"id":"p.instance-1","agentHostname":"h1")" + members + "}", "test");
    return read_marathon_pod_instance(document.root(), "/p");
}

TEST(MarathonPod, NeedsWhatItsContainersAndItsExecutorNeed) {
    const MarathonApp read =
        pod(R"(,"scaling":{"kind":"fixed","instances":3},"containers":[)"
            R"({"name":"a","resources":{"cpus":0.2,"mem":1024,"disk":5,"gpus":1}},)"
            R"({"name":"b","resources":{"cpus":0.5,"mem":512,"disk":0,"gpus":0}}],)"
            R"("executorResources":{"cpus":0.1,"mem":32,"disk":10})");
    EXPECT_EQ(read.instances, 3);
    EXPECT_EQ(read.cpus, 800);
    EXPECT_EQ(read.mem, 1'568'000);
    EXPECT_EQ(read.disk, 15'000);
    EXPECT_EQ(read.gpus, 1'000);
    EXPECT_FALSE(read.config_changed) << "its version moves with its scale, too";
}

TEST(MarathonPod, HasAnExecutorOfMarathonsSizeWhereNoneIsTold) {
    const MarathonApp read = pod(R"(,"containers":[{"name":"a","resources":{"cpus":1,"mem":1}}])");
    EXPECT_EQ(read.cpus, 1'100);
    EXPECT_EQ(read.mem, 33'000);
    EXPECT_EQ(read.disk, 10'000);
    EXPECT_EQ(read.instances, 1);
}

TEST(MarathonPod, TakesThePortsOfTheHostOfAllItsContainers) {
    const MarathonApp read =
        pod(R"(,"containers":[{"name":"a","endpoints":[{"name":"x","hostPort":0},)"
            R"({"name":"y","hostPort":8080},{"name":"z","containerPort":80}]},)"
            R"({"name":"b","endpoints":[{"name":"w","hostPort":0}]}])");
    EXPECT_EQ(read.static_ports.text(), "[8080-8080]");
    EXPECT_EQ(read.dynamic_ports, 2);
}

TEST(MarathonPod, IsPlacedAndReplacedAsItsSchedulingSays) {
    const MarathonApp read = pod(
        R"(,"containers":[],"role":"web","labels":{"GPU_SCHEDULING_BEHAVIOR":"unrestricted"},)"
        R"("scheduling":{"killSelection":"OLDEST_FIRST","upgrade":{"minimumHealthCapacity":0.5,"maximumOverCapacity":0},)"
        R"("placement":{"acceptedResourceRoles":["web"],)"
        R"("constraints":[{"fieldName":"hostname","operator":"UNIQUE"}]}})");
    EXPECT_EQ(read.role, "web");
    EXPECT_EQ(read.gpu_behavior, "unrestricted");
    EXPECT_EQ(read.min_health, 500);
    EXPECT_EQ(read.over_capacity, 0);
    EXPECT_TRUE(read.kills_oldest_first);
    ASSERT_TRUE(read.accepted_roles);
    EXPECT_EQ(*read.accepted_roles, std::vector<std::string>{"web"});
    ASSERT_EQ(read.constraints.size(), 1U);
    EXPECT_EQ(read.constraints[0].op, "UNIQUE");
}

TEST(MarathonPod, IsResidentWithPersistentVolumes) {
    const MarathonApp root = pod(
        R"(,"containers":[],"volumes":[{"name":"v","persistent":{"size":100}},{"name":"host","host":"/x"}])");
    EXPECT_TRUE(root.is_resident);
    EXPECT_FALSE(root.has_disk_volumes);
    EXPECT_EQ(root.disk, 110'000);
    EXPECT_TRUE(
        pod(R"(,"containers":[],"volumes":[{"name":"v","persistent":{"type":"mount","size":1}}])")
            .has_disk_volumes);
}

TEST(MarathonPod, RefusesWrongShapes) {
    for (const char* members : {"",
                                R"(,"containers":null)",
                                R"(,"containers":{})",
                                R"(,"containers":[{"resources":{"cpus":-1}}])",
                                R"(,"containers":[{"endpoints":[{"hostPort":70000}]}])",
                                R"(,"containers":[],"scaling":{"instances":"two"})",
                                R"(,"containers":[],"scheduling":[])"}) {
        EXPECT_THROW(pod(members), JsonError) << members;
    }
}

struct StateCase {
    const char* status;
    const char* containers;  // their states
    const char* state;       // as a task has it; empty: no place
};

class PodInstanceState : public testing::TestWithParam<StateCase> {};

TEST_P(PodInstanceState, IsThatOfATaskInTheSamePlace) {
    std::string containers;
    for (const std::string& state : {std::string(GetParam().containers)}) {
        std::size_t begin = 0;
        while (begin < state.size()) {
            const std::size_t end = std::min(state.find(' ', begin), state.size());
            containers += (containers.empty() ? "" : ",");
            containers += R"({"name":"c","status":")" + state.substr(begin, end - begin) + R"("})";
            begin = end + 1;
        }
    }
    const auto read = instance(std::string(R"(,"status":")") + GetParam().status +
                               R"(","containers":[)" + containers + "]");
    EXPECT_EQ(read ? read->state : "", GetParam().state)
        << GetParam().status << ' ' << GetParam().containers;
}

INSTANTIATE_TEST_SUITE_P(
    States,
    PodInstanceState,
    testing::Values(StateCase{"PENDING", "", ""},
                    StateCase{"PENDING", "TASK_STAGING", ""},  // not yet placed, whatever it says
                    StateCase{"STAGING", "TASK_STAGING", "TASK_STAGING"},
                    StateCase{"STABLE", "TASK_RUNNING TASK_FINISHED", "TASK_RUNNING"},
                    StateCase{"STABLE", "", "TASK_RUNNING"},
                    StateCase{"DEGRADED", "TASK_RUNNING TASK_FAILED", "TASK_RUNNING"},
                    StateCase{"DEGRADED", "TASK_UNREACHABLE TASK_UNREACHABLE", "TASK_UNREACHABLE"},
                    StateCase{"DEGRADED", "TASK_UNREACHABLE TASK_RUNNING", "TASK_RUNNING"},
                    StateCase{"DEGRADED", "TASK_LOST", "TASK_LOST"},
                    StateCase{"DEGRADED", "TASK_FAILED", ""},
                    StateCase{"TERMINAL", "TASK_KILLING TASK_KILLED", "TASK_KILLING"},
                    StateCase{"TERMINAL", "TASK_KILLED TASK_FAILED", ""},
                    StateCase{"TERMINAL", "TASK_LOST", ""},
                    StateCase{"TERMINAL", "TASK_UNREACHABLE", ""},
                    StateCase{"TERMINAL", "", ""}));

TEST(PodInstance, TellsItsAgentItsVersionAndItsPorts) {
    const auto read = instance(R"(,"status":"STABLE","statusSince":"2019-05-22T00:00:00.000Z",)"
                               R"("agentId":"S3","specReference":)"
                               R"("/v2/pods/p::versions/2019-05-21T10:43:34.737Z","containers":[)"
                               R"({"name":"a","status":"TASK_RUNNING","endpoints":[{"name":"x",)"
                               R"("allocatedHostPort":31180},{"name":"y"}]},)"
                               R"({"name":"b","status":"TASK_RUNNING","endpoints":[{"name":"z",)"
                               R"("allocatedHostPort":31000}]}])");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, "p.instance-1");
    EXPECT_EQ(read->app, "/p");
    EXPECT_EQ(read->host, "h1");
    EXPECT_EQ(read->agent, "S3");
    EXPECT_EQ(read->version, parse_rfc3339("2019-05-21T10:43:34.737Z"));
    EXPECT_EQ(read->started, parse_rfc3339("2019-05-22T00:00:00.000Z"));
    EXPECT_EQ(read->ports.text(), "[31000-31000, 31180-31180]");
}

TEST(PodInstance, NeedsNeitherAgentIdNorReference) {
    const auto read = instance(R"(,"status":"STABLE")");  // up to 1.5
    ASSERT_TRUE(read);
    EXPECT_EQ(read->agent, "");
    EXPECT_FALSE(read->version);
}

TEST(PodInstance, RefusesWrongShapes) {
    for (const char* members :
         {"",
          R"(,"status":null)",
          R"(,"status":"WELL")",
          R"(,"status":3)",
          R"(,"status":"STABLE","agentId":1)",
          R"(,"status":"STABLE","containers":{})",
          R"(,"status":"STABLE","containers":[1])",
          R"(,"status":"STABLE","containers":[{"endpoints":[{"allocatedHostPort":"x"}]}])",
          R"(,"status":"STABLE","specReference":7)"}) {
        EXPECT_THROW(instance(members), JsonError) << members;
    }
}

}  // namespace
}  // namespace caretaker
