// SPDX-License-Identifier: Apache-2.0
// Pods of the sandbox's Marathon: what runs of them counts, and trouble with them costs nothing of
// what is known without.
#include "leftovers_sandbox.hpp"
#include "tests/sandbox/marathon_pods.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {
namespace {

class LeftoversPods : public LeftoversSandbox {
 protected:
    /// Six agents with nothing but pods, of which one is on each agent once.
    void start_pods(const FakeMarathonOptions& marathon = {}) {
        ClusterOptions cluster = plain_cluster();
        cluster.agents = 6;
        cluster.tasks_per_agent = 0;
        cluster.apps = 0;
        cluster.has_chronos = false;
        cluster.has_gpus = false;
        cluster.has_regions = false;
        cluster.pods = 2;
        start(cluster, {}, marathon);
    }

    static const rapidjson::Value& row_of(const SandboxRun& run,
                                          std::string_view table,
                                          const std::string& app) {
        for (const auto& detail : json_at(run.json, "details").GetArray()) {
            if (json_text(detail, "title").starts_with(table)) {
                for (const auto& row : json_at(detail, "rows").GetArray()) {
                    if (json_text(row, "app") == app) {
                        return row;
                    }
                }
            }
        }
        ADD_FAILURE() << "no row of " << app;
        static const rapidjson::Value none(rapidjson::kObjectType);
        return none;
    }
};

TEST_F(LeftoversPods, CountWhereTheyRun) {
    start_pods();
    const SandboxRun run = run_with_apps();
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const auto& unique = row_of(run, "Apps", "/logs/shipper-pod-0");
    EXPECT_EQ(json_number(unique, "running"), 2);
    EXPECT_EQ(json_number(unique, "fits"), 4) << "one on each of six hosts, two of them taken";
    EXPECT_EQ(json_number(row_of(run, "Apps", "/web/front-pod-1"), "running"), 3);
    // Containers of 0.4 and 0.5 CPUs and 576 MB together, and an executor of 0.1 and 32 each.
    EXPECT_NEAR(run.metric("used.cpus"), 2 * 0.5 + 3 * 0.6, 1e-9);
    EXPECT_NEAR(run.metric("used.mem"), 5 * 608, 1e-9);
}

TEST_F(LeftoversPods, FindNoPlaceWhereTheyDoNotFit) {
    start_pods();
    platform_->change([](PlatformState& state) {
        FakePod pod = make_demo_pod(0, state.now_ms).pod;
        pod.instances = 6;
        start_pod(state, "/on/every-host", pod);
        return 0;
    });
    const SandboxRun run = run_with_apps();
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(json_number(row_of(run, "Apps", "/on/every-host"), "fits"), 0);
    EXPECT_EQ(run.subjects("app_no_room"), std::vector<std::string>{"app /on/every-host"});
    EXPECT_TRUE(run.subjects("rolling_blocked").empty()) << "new ones do not count old ones";
}

TEST_F(LeftoversPods, AreUnreachableWithTheirAgent) {
    start_pods();
    platform_->change([](PlatformState& state) {
        const std::size_t agent = state.marathon.pods.at("/logs/shipper-pod-0").placed[0].agent;
        state.agents[agent].state = sandbox::AgentState::unreachable;
        return 0;
    });
    EXPECT_EQ(json_number(row_of(run_with_apps(), "Apps", "/logs/shipper-pod-0"), "running"), 1);
}

TEST_F(LeftoversPods, AreJudgedTheSameFromASavedCase) {
    start_pods();
    const SandboxRun live = run_with_apps({"--save", home_.file("case")});
    ASSERT_EQ(live.exit_code, 0) << live.err;
    const SandboxRun saved = run_with({"--input", home_.file("case")});
    EXPECT_EQ(saved.rows(), live.rows());
    EXPECT_EQ(saved.details(), live.details());
    EXPECT_EQ(json_number(row_of(saved, "Apps", "/logs/shipper-pod-0"), "running"), 2);
}

TEST_F(LeftoversPods, AreMissedByNobodyWhereMarathonIsTooOldForThem) {
    start_pods({.version = "1.3.6"});
    const SandboxRun run = run_with_apps();
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(marathon_->http().request_counts()["GET /v2/pods/::status"], 1U);
    EXPECT_EQ(run.details().find("-pod-"), std::string::npos);
}

TEST_F(LeftoversPods, LeaveTheAppsWhereTheyCannotBeRead) {
    ClusterOptions cluster = plain_cluster();
    cluster.pods = 3;
    start(cluster);
    const double apps = run_with_apps().metric("apps.total") - 3;
    ASSERT_GT(apps, 0);
    for (const std::string_view fault : {"status:code=403,path=*/v2/pods*",
                                         "status:code=500,path=*/v2/pods*",
                                         "half:path=*/v2/pods*",
                                         "garbage:path=*/v2/pods*"}) {
        marathon_->http().clear_faults();
        marathon_->http().set_fault(fault);
        const SandboxRun run = run_with_apps();
        EXPECT_EQ(run.exit_code, 3) << fault << ": " << run.err;
        EXPECT_EQ(run.metric("apps.total"), apps) << fault;
        const auto& errors = json_at(run.json, "errors");
        ASSERT_EQ(errors.Size(), 1U) << fault;
        EXPECT_EQ(json_text(errors[0], "subject"), "pods") << fault;
    }
    marathon_->http().clear_faults();
    marathon_->http().set_fault("half:path=*/v2/pods*,times=1");
    const SandboxRun again = run_with_apps();
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(again.metric("apps.total"), apps + 3) << "each counts once";
}

TEST_F(LeftoversPods, AreNamedWhereAnAnswerHasAnotherShape) {
    start_pods();
    marathon_->http().set_fault(R"(status:code=200,body=[{"spec":{"id":"/odd"}}],path=*/v2/pods*)");
    const SandboxRun run = run_with_apps();
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_EQ(json_text(json_at(run.json, "errors")[0], "subject"), "pod $[0]");
}

}  // namespace
}  // namespace caretaker::sandbox
