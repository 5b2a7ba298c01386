// SPDX-License-Identifier: Apache-2.0
// Removals at a Docker Engine as rows, and held against a saved plan.
#include "jobs/cleanup/docker_rows.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

SavedPlan saved_plan() {
    const auto made = WallTime(std::chrono::hours(24 * 365 * 50));
    return SavedPlan::parse(R"({"run":{"job":"cleanup","dry_run":true,"host":"h",
"started_at":"2019-12-20T00:00:00Z"},"rows":[
{"part":"docker","kind":"container","rule":"docker","escaped_path":"a","object":"c1"},
{"part":"docker","kind":"image","rule":"docker","escaped_path":"app:1","object":"i1"},
{"part":"docker","kind":"image","rule":"docker","escaped_path":"app:2","object":"i1"},
{"part":"docker","kind":"volume","rule":"docker","escaped_path":"v","object":"v"},
{"part":"docker","kind":"cache","rule":"docker","escaped_path":"build cache",
 "object":"build-cache"},
{"part":"files","kind":"unlink","rule":"r","escaped_path":"/x"}]})",
                            "the plan",
                            "h",
                            made);
}

PlannedRemoval removal(DockerKind kind, const std::string& name, const std::string& id) {
    return {.kind = kind, .name = name, .id = id};
}

TEST(DockerRows, SayWhatBecameOfARemoval) {
    const auto result = [](ActionState state, const std::string& error = {}) {
        return row_of(removal(DockerKind::image, "app:1", "i1"), {.state = state, .error = error})
            .result;
    };
    EXPECT_EQ(result(ActionState::would), "planned");
    EXPECT_EQ(result(ActionState::done), "done");
    EXPECT_EQ(result(ActionState::failed, "busy"), "failed: busy");
    EXPECT_EQ(result(ActionState::skipped, "changed since it was planned: in use"),
              "changed since it was planned: in use");
    EXPECT_EQ(result(ActionState::skipped, "stopped"), "skipped");
    EXPECT_EQ(result(ActionState::unknown), "unknown");
}

TEST(DockerRows, KeepToASavedPlan) {
    const SavedPlan saved = saved_plan();
    DockerSavedPlan keeper(saved);
    std::vector<PlannedRemoval> removals{
        removal(DockerKind::container, "a", "c1"),
        removal(DockerKind::container, "a", "c2"),
        removal(DockerKind::image, "app:1", "i1"),
        removal(DockerKind::image, "app:1", "i2"),
        removal(DockerKind::volume, "w", "w"),
        removal(DockerKind::build_cache, "build cache", "build-cache")};
    keeper.keep_to(removals);
    ASSERT_EQ(removals.size(), 2U);
    EXPECT_EQ(removals[0].id, "c1");
    EXPECT_EQ(removals[1].id, "i1");
}

TEST(DockerRows, TellWhatIsInTheSavedPlanAlone) {
    const SavedPlan saved = saved_plan();
    DockerSavedPlan keeper(saved);
    DockerFacts facts;
    facts.images.push_back({.id = "i1", .tags = {"app:1"}});
    facts.volumes.push_back({.name = "v"});
    std::string told;
    for (const Strayed& one : keeper.find_strayed(facts)) {
        const PlannedRow row = row_of(one);
        told += row.path + " " + row.result + ", ";
    }
    EXPECT_EQ(told, "a gone, app:1 changed, app:2 gone, v changed, build cache skipped, ");
}

}  // namespace
}  // namespace caretaker
