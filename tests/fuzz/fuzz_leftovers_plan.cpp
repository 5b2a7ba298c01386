// SPDX-License-Identifier: Apache-2.0
// Any bytes as a plan: what is read is judged, and what is called feasible stands a check.
#include "common/base/error.hpp"
#include "jobs/leftovers/addition_model.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/document_reader.hpp"
#include "jobs/leftovers/plan_check_model.hpp"
#include "jobs/leftovers/plan_check_restart_model.hpp"
#include "jobs/leftovers/plan_verdict_model.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/support/text_input.hpp"

#include <string>
#include <string_view>

namespace {

using namespace caretaker;

constexpr std::string_view cluster =
    R"({"slaves":[{"id":"S0","hostname":"h0","attributes":{"rack":"r0","level":3},)"
    R"("resources":{"cpus":8,"mem":4096,"disk":1000,"gpus":1,"ports":"[31000-31009]"},)"
    R"("used_resources":{"cpus":2,"mem":100,"ports":"[31000-31000]"}},)"
    R"({"id":"S1","hostname":"h1","attributes":{"rack":"r1"},)"
    R"("resources":{"cpus":4,"mem":2048,"disk":1000,"ports":"[31000-31009]"},"used_resources":{}}],)"
    R"("apps":[{"id":"/a","cpus":1,"mem":50,"instances":2}],)"
    R"("tasks":[{"id":"t0","appId":"/a","slaveId":"S0","ports":[31000]},)"
    R"({"id":"t1","appId":"/a","slaveId":"S0"}]})";

ClusterFacts read_cluster() {
    DocumentReader reader(OfferedResources::are_free);
    reader.read(text_input(std::string(cluster)), "fuzz");
    ClusterFacts facts = reader.finish();
    facts.workload.is_known = true;
    judge_agents(facts, {});
    return facts;
}

void judge(const ClusterFacts& facts, const WhatIfPlan& plan) {
    constexpr std::int64_t most_instances = 40;
    constexpr std::int64_t most_agents = 20;
    std::int64_t agents = 0;
    for (const AgentTemplate& added : plan.agents) {
        agents += added.count;
    }
    if (agents > most_agents) {
        return;
    }
    const PlanScene scene = apply_plan(facts, plan);
    std::int64_t wanted = 0;
    for (const WantedApp& app : scene.wanted) {
        wanted += app.instances;
    }
    if (wanted > most_instances) {
        return;
    }
    const PlanResult result = judge_plan(scene, {.trials = 1});
    fuzz::require(result.wanted == wanted, "all that is wanted is judged");
    fuzz::require(static_cast<std::int64_t>(result.placed.size()) <= wanted,
                  "no more is placed than is wanted");
    if (result.verdict == PlanVerdict::feasible) {
        fuzz::require(!check_placing(scene.facts, scene.wanted, result.placed),
                      "a feasible plan has a witness");
        fuzz::require(!check_restarts(scene, result.placed, result.way.steps),
                      "its restarts have a way");
    } else if (result.verdict == PlanVerdict::infeasible) {
        fuzz::require(!result.proof.empty(), "an infeasible plan has a proof");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t longest = 8'192;
    if (size > longest) {
        return 0;
    }
    static const ClusterFacts facts = read_cluster();
    const std::string_view text = fuzz::as_text(data, size);
    try {
        WhatIfPlan plan;
        add_plan(text, "fuzz", plan);
        judge(facts, plan);
    } catch (const UsageError&) {  // the other right answer
    }
    try {
        parse_agent_template(text);
    } catch (const UsageError&) {  // the other right answer
    }
    if (const auto goal = parse_addition_goal(text)) {
        fuzz::require(goal->instances >= 0, "a goal is no debt");
    }
    return 0;
}
