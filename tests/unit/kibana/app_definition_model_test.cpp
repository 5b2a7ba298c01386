// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/app_definition_model.hpp"

#include "common/json/json_document.hpp"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace caretaker
