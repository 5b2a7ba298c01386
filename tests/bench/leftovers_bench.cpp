// SPDX-License-Identifier: Apache-2.0
// `caretaker leftovers`: the computation by itself over made clusters, reading, plans, and the
// whole process against the sandbox's Mesos and Marathon.
#include "common/text/shared_text.hpp"
#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/document_reader.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/leftovers_model.hpp"
#include "jobs/leftovers/loss_model.hpp"
#include "jobs/leftovers/plan_verdict_model.hpp"
#include "jobs/leftovers/rolling_model.hpp"
#include "tests/bench/whole_process.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/text_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr int tasks_per_agent = 14;

/// /slaves of so many agents of three kinds in racks of 40, mostly full.
std::string slaves_document(std::int64_t agents) {
    std::mt19937 random(1);
    std::string text = R"({"slaves":[)";
    for (std::int64_t i = 0; i < agents; ++i) {
        const unsigned kind = static_cast<unsigned>(i % 3);
        const unsigned cpus = 8U << kind;
        const unsigned mem = cpus * 4096;
        const unsigned used = cpus - static_cast<unsigned>(random() % (cpus / 4));
        const unsigned used_mem = mem - static_cast<unsigned>(random() % (mem / 4));
        const auto sums = [](unsigned some_cpus, unsigned some_mem, std::string_view ports) {
            return fmt::format(
                R"({{"cpus":{}.0,"gpus":0.0,"mem":{}.0,"disk":500000.0,"ports":"{}"}})",
                some_cpus,
                some_mem,
                ports);
        };
        const auto entries = [](unsigned some_cpus, unsigned some_mem, unsigned first) {
            return fmt::format(
                R"([{{"name":"cpus","type":"SCALAR","scalar":{{"value":{}.0}},"role":"*"}},)"
                R"({{"name":"mem","type":"SCALAR","scalar":{{"value":{}.0}},"role":"*"}},)"
                R"({{"name":"disk","type":"SCALAR","scalar":{{"value":500000.0}},"role":"*"}},)"
                R"({{"name":"ports","type":"RANGES","ranges":{{"range":[{{"begin":{},"end":32000}}]}},"role":"*"}}])",
                some_cpus,
                some_mem,
                first);
        };
        text += fmt::format(
            R"({}{{"id":"a9c1b6b4-1f7f-4a3d-8a3c-0d7b3a3b7c11-S{}","hostname":"agent-{:06}.example",)"
            R"("pid":"slave(1)@10.{}.{}.{}:5051","registered_time":1795345600.5,"active":true,)"
            R"("attributes":{{"rack":"r{}","kind":"k{}","zone":"z{}"}},"version":"1.11.0",)"
            R"("resources":{},"used_resources":{},"offered_resources":{{"cpus":0.0,"gpus":0.0,"mem":0.0,"disk":0.0}},)"
            R"("reserved_resources":{{}},"unreserved_resources":{},)"
            R"("reserved_resources_full":{{}},"unreserved_resources_full":{},"used_resources_full":{},"offered_resources_full":[],)"
            R"("capabilities":["MULTI_ROLE","HIERARCHICAL_ROLE","RESERVATION_REFINEMENT","RESOURCE_PROVIDER"]}})",
            i == 0 ? "" : ",",
            i,
            i,
            i / 65'536,
            i / 256 % 256,
            i % 256,
            i / 40,
            kind,
            i % 3,
            sums(cpus, mem, "[31000-32000]"),
            sums(used, used_mem, "[31990-32000]"),
            sums(cpus, mem, "[31000-32000]"),
            entries(cpus, mem, 31'000),
            entries(used, used_mem, 31'990));
    }
    return text + "]}";
}

ClusterFacts read_facts(std::string_view text) {
    DocumentReader reader(OfferedResources::are_free);
    reader.read(text_input(std::string(text)), "bench");
    ClusterFacts facts = reader.finish();
    judge_agents(facts, {});
    return facts;
}

/// Apps of all shapes, every fifth with constraints, and tasks of them on the agents.
void add_workload(ClusterFacts& facts, std::int64_t apps) {
    std::mt19937 random(2);
    Workload& workload = facts.workload;
    workload.is_known = true;
    const auto agents = static_cast<unsigned>(facts.cluster.agents.size());
    for (std::int64_t i = 0; i < apps; ++i) {
        MarathonApp app{.id = fmt::format("/group-{}/app-{:05}", i % 50, i),
                        .instances = static_cast<std::int64_t>(agents) * tasks_per_agent / apps,
                        .cpus = 100 * (1 + static_cast<Milli>(random() % 60)),
                        .mem = 64'000 * (1 + static_cast<Milli>(random() % 200))};
        app.dynamic_ports = static_cast<std::int32_t>(random() % 3);
        if (i % 5 == 0) {
            app.constraints.push_back({"rack", "LIKE", fmt::format("r[0-9]*{}", i % 10)});
        } else if (i % 5 == 1) {
            app.constraints.push_back({"hostname", "UNIQUE", {}});
        } else if (i % 5 == 2) {
            app.constraints.push_back({"zone", "GROUP_BY", "3"});
        }
        workload.apps.push_back(std::move(app));
    }
    SharedTexts texts;  // as the reader of documents has them
    const unsigned tasks = agents * tasks_per_agent;
    for (unsigned i = 0; i < tasks; ++i) {
        const auto app = std::uint64_t{i} * workload.apps.size() / tasks;  // as Marathon lists them
        MarathonTask task{.app = workload.apps[app].id,
                          .agent = facts.cluster.agents[random() % agents].id,
                          .state = "TASK_RUNNING"};
        for (SharedText* text : {&task.app, &task.agent, &task.state}) {
            texts.share(*text);
        }
        workload.tasks.push_back(std::move(task));
    }
}

/// Made once for a size.
const ClusterFacts& facts_of(std::int64_t agents, std::int64_t apps) {
    static std::map<std::pair<std::int64_t, std::int64_t>, ClusterFacts> made;
    auto known = made.find({agents, apps});
    if (known == made.end()) {
        made.clear();  // one at a time, for memory
        ClusterFacts facts = read_facts(slaves_document(agents));
        add_workload(facts, apps);
        known = made.emplace(std::pair(agents, apps), std::move(facts)).first;
    }
    return known->second;
}

/// Everything after reading: sums, fits with reasons, fragmentation, restarts, N-1.
void leftovers_compute(benchmark::State& state) {
    const ClusterFacts& facts = facts_of(state.range(0), state.range(1));
    for (auto _ : state) {
        const RoleView view = view_by_role(facts.cluster, facts.flags, {});
        benchmark::DoNotOptimize(sum_leftovers(facts.cluster, view));
        const auto placed = collect_instances(facts.cluster, facts.workload);
        const Fits fits = compute_fits(facts, facts.workload, placed);
        benchmark::DoNotOptimize(judge_rolling(facts, facts.workload, placed, fits));
        benchmark::DoNotOptimize(LossModel(facts, facts.workload, placed).lose_each_agent());
    }
}

void leftovers_fits(benchmark::State& state) {
    const ClusterFacts& facts = facts_of(state.range(0), state.range(1));
    for (auto _ : state) {
        benchmark::DoNotOptimize(compute_fits(facts, facts.workload));
    }
}

void leftovers_rolling(benchmark::State& state) {
    const ClusterFacts& facts = facts_of(state.range(0), state.range(1));
    const auto placed = collect_instances(facts.cluster, facts.workload);
    const Fits fits = compute_fits(facts, facts.workload, placed);
    for (auto _ : state) {
        benchmark::DoNotOptimize(judge_rolling(facts, facts.workload, placed, fits));
    }
}

void leftovers_n1(benchmark::State& state) {
    const ClusterFacts& facts = facts_of(state.range(0), state.range(1));
    const auto placed = collect_instances(facts.cluster, facts.workload);
    for (auto _ : state) {
        benchmark::DoNotOptimize(LossModel(facts, facts.workload, placed).lose_each_agent());
    }
}

void leftovers_parse(benchmark::State& state) {
    const std::string text = slaves_document(state.range(0));
    for (auto _ : state) {
        benchmark::DoNotOptimize(read_facts(text));
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

/// 200 instances of 20 apps that all find a place.
void plan_by(benchmark::State& state, PlacingPolicy policy) {
    const ClusterFacts& facts = facts_of(state.range(0), 200);
    WhatIfPlan plan;
    for (int i = 0; i < 20; ++i) {
        MarathonApp app{.id = fmt::format("/planned-{}", i),
                        .instances = 10,
                        .cpus = 500 + 100 * i,
                        .mem = 512'000 + 64'000 * i};
        app.dynamic_ports = 1;
        if (i % 4 == 0) {
            app.constraints = {{"hostname", "UNIQUE", {}}};
        }
        plan.apps.push_back({.app = std::move(app)});
    }
    for (auto _ : state) {
        const PlanScene scene = apply_plan(facts, plan);
        const PlanResult result = judge_plan(scene, {.policy = policy});
        if (result.verdict != PlanVerdict::feasible) {
            state.SkipWithError(result.reason.c_str());
            return;
        }
    }
}

void leftovers_plan(benchmark::State& state) {
    plan_by(state, PlacingPolicy::best_fit_decreasing);
}

void leftovers_plan_by_gradient(benchmark::State& state) {
    plan_by(state, PlacingPolicy::fgd);
}

/// From sockets to table.
void leftovers_process(benchmark::State& state) {
    sandbox::FakePlatform platform(
        sandbox::make_platform({.agents = static_cast<std::size_t>(state.range(0)),
                                .apps = static_cast<std::size_t>(state.range(1))}));
    sandbox::FakeMesos mesos(platform, {.served_agents = 0});
    sandbox::FakeMarathon marathon(platform);
    const TempDir folder;
    Command command;
    command.argv = {CARETAKER_BINARY,
                    "leftovers",
                    "--mesos-url",
                    mesos.url(),
                    "--marathon-url",
                    marathon.url(),
                    "--store",
                    folder.file("store.db"),
                    "--no-statsd",
                    "-q"};
    run_whole_process(state, command);
}

BENCHMARK(leftovers_compute)->Args({50'000, 2'000})->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_fits)->Args({50'000, 2'000})->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_rolling)->Args({50'000, 2'000})->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_n1)->Args({50'000, 2'000})->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_compute)
    ->Name("leftovers_by_agents")
    ->Args({6'250, 500})
    ->Args({12'500, 500})
    ->Args({25'000, 500})
    ->Args({50'000, 500})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_compute)
    ->Name("leftovers_by_apps")
    ->Args({12'500, 250})
    ->Args({12'500, 500})
    ->Args({12'500, 1'000})
    ->Args({12'500, 2'000})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_parse)->Arg(50'000)->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_plan)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_plan_by_gradient)->Arg(10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(leftovers_process)
    ->Args({400, 200})
    ->Iterations(20)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace caretaker::testing
