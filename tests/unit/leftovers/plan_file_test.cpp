// SPDX-License-Identifier: Apache-2.0
// Plans in every form that is taken, and what is said about wrong ones.
#include "jobs/leftovers/plan_file.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

WhatIfPlan read_plan(std::string_view text) {
    WhatIfPlan plan;
    add_plan(text, "plan.json", plan);
    return plan;
}

std::string refusal_of(std::string_view text) {
    try {
        read_plan(text);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "taken";
}

TEST(PlanFile, IsAnAppAListAGroupOrAPod) {
    EXPECT_EQ(read_plan(R"({"id":"/a","instances":3})").apps[0].app.instances, 3);
    EXPECT_EQ(read_plan(R"([{"id":"/a"},{"id":"b"}])").apps[1].app.id, "/b");
    const WhatIfPlan group = read_plan(
        R"({"id":"/g","apps":[{"id":"a"}],"groups":[{"id":"h","apps":[{"id":"b"},{"id":"/c"}]}]})");
    ASSERT_EQ(group.apps.size(), 3U);
    EXPECT_EQ(group.apps[0].app.id, "/g/a");
    EXPECT_EQ(group.apps[1].app.id, "/g/h/b");
    EXPECT_EQ(group.apps[2].app.id, "/c");
    const WhatIfPlan pod = read_plan(
        R"({"id":"/pod","scaling":{"kind":"fixed","instances":2},"containers":[)"
        R"({"name":"a","resources":{"cpus":1,"mem":100},"endpoints":[{"name":"e","hostPort":0}]},)"
        R"({"name":"b","resources":{"cpus":0.5,"mem":50}}]})");
    EXPECT_EQ(pod.apps[0].app.instances, 2);
    EXPECT_EQ(pod.apps[0].app.cpus, 1'600) << "with the executor's";
    EXPECT_EQ(pod.apps[0].app.mem, 182'000);
    EXPECT_EQ(pod.apps[0].app.dynamic_ports, 1);
}

TEST(PlanFile, HasAFormOfItsOwn) {
    const WhatIfPlan plan = read_plan(
        R"({"apps":[{"id":"/a","mode":"stop-first"}],"scale":{"/es/data":12},"remove":["/old"],)"
        R"("drain":["h1"],"lose":["rack=r3"],"add_agents":[{"count":2,"cpus":16,"mem":65536,)"
        R"("ports":"[31000-32000]","attributes":{"rack":"r9"}}]})");
    EXPECT_TRUE(plan.apps[0].stops_first);
    EXPECT_EQ(plan.scale[0], (std::pair<std::string, std::int64_t>("/es/data", 12)));
    EXPECT_EQ(plan.remove, std::vector<std::string>{"/old"});
    EXPECT_EQ(plan.drain, std::vector<std::string>{"h1"});
    EXPECT_EQ(plan.lose[0], (std::pair<std::string, std::string>("rack", "r3")));
    ASSERT_EQ(plan.agents.size(), 1U);
    EXPECT_EQ(plan.agents[0].count, 2);
    EXPECT_EQ(plan.agents[0].ports.count(), 1001);
}

TEST(PlanFile, NamesMembersThatAreWrittenWrong) {
    for (const auto& [text, part] : std::vector<std::pair<const char*, const char*>>{
             {R"({"id":"/a","instanses":3})",
              "$.instanses is no member that Marathon knows; is instances meant?"},
             {R"({"id":"/a","cpu":3})", "is cpus meant?"},
             {R"({"id":"/a","Mem":3})", "is mem meant?"},
             {R"({"id":"/a","memory":3})", "$.memory is no member that Marathon knows; leave it"},
             {R"([{"id":"/a"},{"id":"/b","contraints":[]}])", "$[1].contraints"},
             {R"({"apps":[{"id":"/a","gpu":1}]})", "$.apps[0].gpu"},
             {R"({"id":"/g","apps":[],"group":[]})", "is groups meant?"},
             {R"({"id":"/g","groups":[{"id":"h","app":[]}]})", "$.groups[0].app"},
             {R"({"id":"/a","upgradeStrategy":{"maximumOverCapacty":0}})",
              "is maximumOverCapacity meant?"},
             {R"({"id":"/p","scalin":{},"containers":[]})", "is scaling meant?"},
             {R"({"id":"/p","scaling":{"instance":1},"containers":[]})", "is instances meant?"},
             {R"({"id":"/p","containers":[{"name":"a","resources":{"cpu":1}}]})",
              "$.containers[0].resources.cpu"}}) {
        EXPECT_NE(refusal_of(text).find(part), std::string::npos) << refusal_of(text);
    }
}

TEST(PlanFile, TakesAnAppAsMarathonTellsIt) {
    EXPECT_EQ(
        refusal_of(
            R"({"id":"/a","acceptedResourceRoles":["*"],"args":null,"backoffFactor":1.15,)"
            R"("backoffSeconds":1,"cmd":"run","constraints":[],"container":null,"cpus":1,)"
            R"("dependencies":[],"deployments":[],"disk":0,"env":{},"executor":"","fetch":[],)"
            R"("gpus":0,"healthChecks":[],"instances":1,"ipAddress":null,"killSelection":)"
            R"("YOUNGEST_FIRST","labels":{},"lastTaskFailure":null,"maxLaunchDelaySeconds":300,)"
            R"("mem":128,"networks":[],"portDefinitions":[],"ports":[0],"readinessChecks":[],)"
            R"("requirePorts":false,"residency":null,"role":"*","secrets":{},"storeUrls":[],)"
            R"("taskKillGracePeriodSeconds":null,"tasks":[],"tasksHealthy":0,"tasksRunning":1,)"
            R"("tasksStaged":0,"tasksUnhealthy":0,"tty":false,"unreachableStrategy":"disabled",)"
            R"("upgradeStrategy":{"maximumOverCapacity":1,"minimumHealthCapacity":1},"uris":[],)"
            R"("user":null,"version":"2026-01-01T00:00:00.000Z","versionInfo":{}})"),
        "taken");
}

TEST(PlanFile, PlansSomething) {
    for (const char* text : {"{}",
                             "[]",
                             R"({"apps":[]})",
                             R"({"id":"/g","apps":[]})",
                             R"({"scale":{},"remove":[],"drain":[],"lose":[],"add_agents":[]})",
                             R"({"apps":null})"}) {
        EXPECT_NE(refusal_of(text).find("plans nothing"), std::string::npos) << refusal_of(text);
    }
    EXPECT_EQ(refusal_of(R"({"drain":["h1"]})"), "taken");
    EXPECT_EQ(refusal_of(R"([{"id":"/a","instances":0}])"), "taken");
}

TEST(PlanFile, SaysWhatIsWrong) {
    for (const auto& [text, part] : std::vector<std::pair<const char*, const char*>>{
             {"", "plan.json"},
             {"{", "plan.json"},
             {"3", "neither an object nor a list"},
             {R"({"app":[]})", "$.app is not known; possible are apps, scale, remove"},
             {R"({"id":3})", "$.id"},
             {R"({"id":"/"})", "names no app"},
             {R"({"id":"/a","instances":"3"})", "$.instances"},
             {R"({"id":"/a","instances":-1})", "$.instances is less than 0"},
             {R"({"id":"/p","scaling":{"kind":"fixed","instances":-1},"containers":[{"name":"a",)"
              R"("resources":{"cpus":1,"mem":100}}]})",
              "$.scaling.instances is less than 0"},
             {R"({"id":"/a","instances":2000000})", "asks for more than 1000000 instances"},
             {R"({"id":"/a","cpus":0,"mem":0})", "neither cpus nor mem"},
             {R"({"id":"/a","cpus":-1})", "$.cpus"},
             {R"({"id":"/a","gpus":0.5})", "no whole number"},
             {R"({"id":"/a","mode":"fast"})", "stop-first"},
             {R"([{"id":"/a"},{"id":"a"}])", "planned twice"},
             {R"({"id":"/a","constraints":[["rack"]]})", "$.constraints[0]"},
             {R"({"scale":{"/a":-1}})", "is not between 0 and 1000000"},
             {R"({"scale":["/a"]})", "$.scale"},
             {R"({"lose":["rack"]})", "ATTRIBUTE=VALUE"},
             {R"({"lose":["=x"]})", "ATTRIBUTE=VALUE"},
             {R"({"add_agents":[{"cpus":1,"cores":2}]})", "$.add_agents[0].cores is not known"},
             {R"({"add_agents":[{"count":0,"cpus":1}]})", "is not between 1 and 100000"},
             {R"({"add_agents":[{"count":1}]})", "neither cpus nor mem"},
             {R"({"add_agents":[{"cpus":1,"ports":"31000"}]})", "no list of ports"},
             {R"({"add_agents":[{"cpus":1,"ports":"[9-1]"}]})", "no list of ports"}}) {
        const std::string refusal = refusal_of(text);
        EXPECT_NE(refusal.find(part), std::string::npos) << text << ": " << refusal;
    }
}

TEST(AgentTemplate, IsReadFromAWord) {
    const AgentTemplate made = parse_agent_template("cpus=16,mem=65536.5,ports=1001,rack=r9");
    EXPECT_EQ(made.amounts[cpus], 16'000);
    EXPECT_EQ(made.amounts[mem], 65'536'500);
    EXPECT_EQ(made.ports.text(), "[31000-32000]");
    EXPECT_EQ(made.attributes[0], (std::pair<std::string, std::string>("rack", "r9")));
    EXPECT_EQ(parse_agent_template("ports=[1-2,5-6],cpus=1").ports.count(), 4);
    for (const char* wrong : {"",
                              "cpus",
                              "cpus=",
                              "=1",
                              "cpus=x",
                              "mem=-1",
                              "rack=r1",
                              "ports=0",
                              "cpus=1,ports=50000",
                              "cpus=1,ports=[3",
                              "cpus=1,ports=1.5"}) {
        EXPECT_THROW(parse_agent_template(wrong), UsageError) << wrong;
    }
}

}  // namespace
}  // namespace caretaker
