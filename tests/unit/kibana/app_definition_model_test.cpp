// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/app_definition_model.hpp"

#include "common/json/json_document.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {
namespace {

std::string body_of(const std::string& definition) {
    const JsonDocument document = JsonDocument::parse(definition, "test");
    return format_app_body(document.root(), 2);
}

TEST(AppDefinition, LosesWhatMarathonAddsByItself) {
    EXPECT_EQ(body_of(R"({"id":"/a","instances":0,"version":"v","versionInfo":{},"tasks":[],)"
                      R"("tasksRunning":0,"deployments":[],"lastTaskFailure":{},"cmd":null,)"
                      R"("args":[],"cpus":0.1,"env":{"A":"b"}})"),
              R"({"id":"/a","cpus":0.1,"env":{"A":"b"},"instances":2})");
}

TEST(AppDefinition, KeepsOneOfTwoForms) {
    EXPECT_EQ(body_of(R"({"id":"/a","uris":["u"],"fetch":[{"uri":"u"}],"ports":[1],)"
                      R"("portDefinitions":[{"port":1}]})"),
              R"({"id":"/a","fetch":[{"uri":"u"}],"portDefinitions":[{"port":1}],"instances":2})");
    EXPECT_EQ(body_of(R"({"id":"/a","uris":["u"],"ports":[1]})"),
              R"({"id":"/a","uris":["u"],"ports":[1],"instances":2})");
    EXPECT_EQ(
        body_of(R"({"id":"/a","container":{"type":"DOCKER","volumes":null,)"
                R"("docker":{"image":"i","network":null,"portMappings":[1]},"portMappings":[2]}})"),
        R"({"id":"/a","container":{"type":"DOCKER","docker":{"image":"i"},"portMappings":[2]},)"
        R"("instances":2})");
    EXPECT_EQ(
        body_of(R"({"id":"/a","container":{"docker":{"image":"i","portMappings":[1]}}})"),
        R"({"id":"/a","container":{"docker":{"image":"i","portMappings":[1]}},"instances":2})");
}

std::string body_elsewhere(const std::string& definition) {
    const JsonDocument document = JsonDocument::parse(definition, "test");
    return format_app_body(document.root(), 1, ServicePorts::chosen_by_marathon);
}

TEST(AppDefinition, MayLeaveServicePortsToMarathon) {
    EXPECT_EQ(
        body_elsewhere(
            R"({"id":"/a","portDefinitions":[{"port":15000,"name":"http"},{"port":1}]})"),
        R"({"id":"/a","portDefinitions":[{"port":0,"name":"http"},{"port":0}],"instances":1})");
    EXPECT_EQ(body_elsewhere(R"({"id":"/a","ports":[15000,15001]})"),
              R"({"id":"/a","ports":[0,0],"instances":1})");
    EXPECT_EQ(
        body_elsewhere(
            R"({"id":"/a","container":{"portMappings":[{"containerPort":5601,"servicePort":7}]}})"),
        R"({"id":"/a","container":{"portMappings":[{"containerPort":5601,"servicePort":0}]},)"
        R"("instances":1})");
    EXPECT_EQ(
        body_elsewhere(
            R"({"id":"/a","container":{"docker":{"portMappings":[{"servicePort":7}]}}})"),
        R"({"id":"/a","container":{"docker":{"portMappings":[{"servicePort":0}]}},"instances":1})");
    // Ports of the host, by the owner's will.
    EXPECT_EQ(body_elsewhere(R"({"id":"/a","requirePorts":true,"portDefinitions":[{"port":80}]})"),
              R"({"id":"/a","requirePorts":true,"portDefinitions":[{"port":80}],"instances":1})");
}

TEST(AppDefinition, HasServicePortsInOneOfItsForms) {
    const auto ports = [](const std::string& app) {
        return read_service_ports(JsonDocument::parse(app, "test").root());
    };
    using Ports = std::vector<std::int64_t>;
    EXPECT_EQ(ports(R"({"portDefinitions":[{"port":15000},{"port":15001}],"ports":[1]})"),
              (Ports{15'000, 15'001}));
    EXPECT_EQ(ports(R"({"container":{"portMappings":[{"servicePort":7}]},"portDefinitions":[]})"),
              Ports{7});
    EXPECT_EQ(ports(R"({"container":{"docker":{"portMappings":[{"servicePort":8}]}}})"), Ports{8});
    EXPECT_EQ(ports(R"({"container":null,"ports":[9]})"), Ports{9});
    EXPECT_EQ(ports("{}"), Ports{});
}

}  // namespace
}  // namespace caretaker
