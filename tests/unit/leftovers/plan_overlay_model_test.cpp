// SPDX-License-Identifier: Apache-2.0
// What a plan makes of an app that runs already.
#include "jobs/leftovers/plan_overlay_model.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

MarathonApp running_app() {
    MarathonApp app{.id = "/p",
                    .instances = 4,
                    .cpus = 4'000,
                    .mem = 512'000,
                    .disk = 700,
                    .volume_disk = 500,
                    .gpus = 1'000,
                    .role = "web",
                    .accepted_roles = {{"web"}},
                    .constraints = {{"rack", "UNIQUE", {}}},
                    .dynamic_ports = 2,
                    .is_resident = true,
                    .gpu_behavior = "unrestricted",
                    .min_health = 500,
                    .over_capacity = 250,
                    .kills_oldest_first = true};
    app.static_ports.add(80, 80);
    return app;
}

PlannedApp planned(const std::string& text) {
    WhatIfPlan plan;
    add_plan(text, "test", plan);
    return plan.apps.at(0);
}

MarathonApp overlay(const std::string& members) {
    return overlay_app(planned(R"({"id":"/p")" + members + "}"), running_app());
}

TEST(PlanOverlay, KeepsWhatAPlanDoesNotName) {
    const MarathonApp same = overlay("");
    EXPECT_EQ(same.instances, 4);
    EXPECT_EQ(same.cpus, 4'000);
    EXPECT_EQ(same.mem, 512'000);
    EXPECT_EQ(same.disk, 700);
    EXPECT_EQ(same.gpus, 1'000);
    EXPECT_EQ(same.role, "web");
    EXPECT_EQ(same.accepted_roles->size(), 1U);
    EXPECT_EQ(same.constraints.size(), 1U);
    EXPECT_EQ(same.static_ports.count(), 1);
    EXPECT_EQ(same.dynamic_ports, 2);
    EXPECT_TRUE(same.is_resident);
    EXPECT_EQ(same.gpu_behavior, "unrestricted");
    EXPECT_EQ(same.min_health, 500);
    EXPECT_EQ(same.over_capacity, 250);
    EXPECT_TRUE(same.kills_oldest_first);
}

TEST(PlanOverlay, TakesWhatAPlanNames) {
    EXPECT_EQ(overlay(R"(,"instances":1)").instances, 1);
    EXPECT_EQ(overlay(R"(,"cpus":1)").cpus, 1'000);
    EXPECT_EQ(overlay(R"(,"mem":64)").mem, 64'000);
    EXPECT_EQ(overlay(R"(,"cpus":null)").cpus, 4'000) << "null is not named";
    EXPECT_EQ(overlay(R"(,"gpus":0)").gpus, 0);
    EXPECT_EQ(overlay(R"(,"role":"*")").role, "*");
    EXPECT_FALSE(overlay(R"(,"acceptedResourceRoles":[])").accepted_roles);
    EXPECT_TRUE(overlay(R"(,"constraints":[])").constraints.empty());
    EXPECT_FALSE(overlay(R"(,"labels":{})").gpu_behavior);
    EXPECT_EQ(overlay(R"(,"upgradeStrategy":{"minimumHealthCapacity":1})").min_health, 1'000);
    EXPECT_FALSE(overlay(R"(,"upgradeStrategy":{})").over_capacity) << "as a whole";
    EXPECT_FALSE(overlay(R"(,"killSelection":"YOUNGEST_FIRST")").kills_oldest_first);
}

TEST(PlanOverlay, KeepsScratchAndVolumesApart) {
    EXPECT_EQ(overlay(R"(,"disk":0.1)").disk, 600) << "with the volumes that are there";
    const MarathonApp without = overlay(R"(,"container":{"type":"MESOS"})");
    EXPECT_EQ(without.disk, 200);
    EXPECT_FALSE(without.is_resident);
    const MarathonApp other =
        overlay(R"(,"container":{"volumes":[{"containerPath":"d","persistent":{"size":0.9}}]})");
    EXPECT_EQ(other.disk, 1'100);
    EXPECT_TRUE(other.is_resident);
}

TEST(PlanOverlay, TakesPortsFromWhereTheyStand) {
    for (const std::string ports : {R"(,"ports":[])", R"(,"portDefinitions":[])"}) {
        EXPECT_TRUE(overlay(ports).static_ports.is_empty()) << ports;
        EXPECT_EQ(overlay(ports).dynamic_ports, 0) << ports;
    }
    const MarathonApp mapped =
        overlay(R"(,"container":{"portMappings":[{"hostPort":0},{"hostPort":0},{"hostPort":0}]})");
    EXPECT_EQ(mapped.dynamic_ports, 3);
    EXPECT_TRUE(mapped.static_ports.is_empty());
    EXPECT_EQ(overlay(R"(,"container":{"type":"MESOS"})").dynamic_ports, 2)
        << "another image leaves portDefinitions alone";
    EXPECT_THROW(overlay(R"(,"requirePorts":true)"), UsageError);
    EXPECT_EQ(overlay(R"(,"requirePorts":true,"ports":[81])").static_ports.text(), "[81-81]");
}

TEST(PlanOverlay, TakesAppsOfGroupsAndPodsWhole) {
    const MarathonApp grouped =
        overlay_app(planned(R"({"id":"/","apps":[{"id":"/p","cpus":2}]})"), running_app());
    EXPECT_EQ(grouped.instances, 1);
    EXPECT_EQ(grouped.mem, 128'000);
    const MarathonApp pod = overlay_app(
        planned(R"({"id":"/p","containers":[{"name":"c","resources":{"cpus":1,"mem":32}}]})"),
        running_app());
    EXPECT_EQ(pod.cpus, 1'100);
    EXPECT_EQ(pod.instances, 1);
}

TEST(PlanOverlay, KnowsWhatMayRestart) {
    EXPECT_FALSE(may_restart(planned(R"({"id":"/p","instances":3})")));
    EXPECT_TRUE(may_restart(planned(R"({"id":"/p","cmd":"new"})")));
    EXPECT_TRUE(may_restart(planned(R"({"id":"/","apps":[{"id":"/p"}]})")));
}

}  // namespace
}  // namespace caretaker
