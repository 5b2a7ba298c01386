// SPDX-License-Identifier: Apache-2.0
// Apps in the forms of Marathon 0.8 to 1.10.
#include "common/clients/marathon_app.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/text/timestamp.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

MarathonApp app(const std::string& members) {
    const JsonDocument document = JsonDocument::parse(R"({"id":"/a")" + members + "}", "test");
    return read_marathon_app(document.root());
}

TEST(MarathonApp, HasMarathonsDefaults) {
    const MarathonApp plain = app("");
    EXPECT_EQ(plain.instances, 1);
    EXPECT_EQ(plain.cpus, 1'000);
    EXPECT_EQ(plain.mem, 128'000);
    EXPECT_EQ(plain.disk, 0);
    EXPECT_EQ(plain.dynamic_ports, 0);
    EXPECT_FALSE(plain.role);
    EXPECT_FALSE(app(R"(,"acceptedResourceRoles":[])").accepted_roles) << "as if it was not there";
}

struct PortCase {
    const char* members;
    const char* fixed;
    int dynamic;
    bool is_impossible = false;
};

class MarathonPorts : public testing::TestWithParam<PortCase> {};

TEST_P(MarathonPorts, AreThoseOfTheHost) {
    const MarathonApp read = app(GetParam().members);
    EXPECT_EQ(read.static_ports.text(), GetParam().fixed) << GetParam().members;
    EXPECT_EQ(read.dynamic_ports, GetParam().dynamic) << GetParam().members;
    EXPECT_EQ(read.wants_impossible_port, GetParam().is_impossible) << GetParam().members;
}

INSTANTIATE_TEST_SUITE_P(
    Forms,
    MarathonPorts,
    testing::Values(
        PortCase{R"(,"ports":[10000,10001])", "[]", 2},
        PortCase{R"(,"ports":[8080],"requirePorts":true)", "[8080-8080]", 0},
        PortCase{R"(,"portDefinitions":[{"port":8080},{"port":0}],"requirePorts":true)",
                 "[8080-8080]",
                 0,
                 true},
        PortCase{R"(,"portDefinitions":[{"port":8080}],"ports":[1,2,3])", "[]", 1},
        PortCase{
            R"(,"container":{"portMappings":[{"hostPort":0},{"hostPort":53},{"containerPort":1}]},"ports":[1])",
            "[53-53]",
            1},
        PortCase{R"(,"container":{"docker":{"portMappings":[{"containerPort":80,"hostPort":0}]}})",
                 "[]",
                 1},
        PortCase{R"(,"container":{"docker":{"portMappings":null}},"ports":[])", "[]", 0}));

TEST(MarathonApp, AddsRootVolumesToItsDisk) {
    const MarathonApp resident =
        app(R"(,"disk":5,"container":{"volumes":[{"persistent":{"size":100}},)"
            R"({"persistent":{"type":"mount","size":7}},{"hostPath":"/x"}]})");
    EXPECT_EQ(resident.disk, 105'000);
    EXPECT_TRUE(resident.is_resident);
    EXPECT_TRUE(resident.has_disk_volumes);
}

TEST(MarathonApp, ReadsConstraintsOfAppsAndPods) {
    const MarathonApp constrained =
        app(R"(,"constraints":[["hostname","unique"],["rack","MAX_PER","2"],["x","IS",0.5],)"
            R"({"fieldName":"y","operator":"LIKE","value":"z"}])");
    ASSERT_EQ(constrained.constraints.size(), 4U);
    EXPECT_EQ(constrained.constraints[0].op, "UNIQUE");
    EXPECT_FALSE(constrained.constraints[0].value);
    EXPECT_EQ(constrained.constraints[1].value, "2");
    EXPECT_EQ(constrained.constraints[2].value, "0.5");
    EXPECT_EQ(constrained.constraints[3].field, "y");
}

TEST(MarathonApp, RefusesWrongShapes) {
    for (const char* members : {R"(,"cpus":"1")",
                                R"(,"cpus":-1)",
                                R"(,"constraints":[["x"]])",
                                R"(,"constraints":[["a","b","c","d"]])",
                                R"(,"ports":[70000],"requirePorts":true)",
                                R"(,"instances":"two")",
                                R"(,"container":{"portMappings":[{"hostPort":-1}]})"}) {
        EXPECT_THROW(app(members), JsonError) << members;
    }
}

TEST(MarathonApp, TellsWhichInstancesEndFirst) {
    EXPECT_FALSE(app("").kills_oldest_first);
    EXPECT_FALSE(app(R"(,"killSelection":"YOUNGEST_FIRST")").kills_oldest_first);
    EXPECT_TRUE(app(R"(,"killSelection":"OLDEST_FIRST")").kills_oldest_first);
}

TEST(MarathonTask, StartedOrElseWasStagedAtATime) {
    const auto started = [](const std::string& members) {
        const std::string text = R"({"id":"t","appId":"/a")" + members + "}";
        return read_marathon_task(JsonDocument::parse(text, "test").root()).started;
    };
    const std::string staged = R"(,"stagedAt":"2026-01-02T03:04:05.006Z")";
    EXPECT_EQ(started(R"(,"startedAt":"2026-01-02T03:04:06.007Z")" + staged),
              parse_rfc3339("2026-01-02T03:04:06.007Z"));
    EXPECT_EQ(started(R"(,"startedAt":null)" + staged), parse_rfc3339("2026-01-02T03:04:05.006Z"));
    EXPECT_EQ(started("").time_since_epoch().count(), 0);
}

TEST(MarathonTask, IsPlacedInMostStates) {
    EXPECT_TRUE(is_placed_state("TASK_RUNNING"));
    EXPECT_TRUE(is_placed_state(""));
    EXPECT_FALSE(is_placed_state("TASK_UNREACHABLE"));
    EXPECT_FALSE(is_placed_state("TASK_GONE"));
}

}  // namespace
}  // namespace caretaker
