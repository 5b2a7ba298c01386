// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` against the sandbox's broker: cost by the shape of the cluster.
#include "tests/bench/whole_process.hpp"
#include "tests/sandbox/fake_kafka_cluster.hpp"
#include "tests/sandbox/kafka_scenario.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <numeric>

namespace caretaker::testing {
namespace {

constexpr int brokers = 3;

void version(benchmark::State& state) {
    run_whole_process(state, {.argv = {CARETAKER_BINARY, "--version"}});
}

/// Arguments: topics, partitions a topic, groups, commits a group.
void lag(benchmark::State& state) {
    const auto number = [&](int i) { return static_cast<std::int32_t>(state.range(i)); };
    sandbox::FakeKafkaCluster cluster(
        sandbox::make_grid_scenario(number(0), number(1), number(2), number(3)), brokers);
    const TempDir folder;
    const Command command{.argv = {CARETAKER_BINARY,
                                   "lag",
                                   "--bootstrap-server",
                                   cluster.bootstrap_servers(),
                                   "--store",
                                   (folder.path() / "caretaker.db").string(),
                                   "-q"}};
    run_command(command);  // makes the store, so that every iteration finds one
    cluster.reset_request_counts();
    run_whole_process(state, command);
    const auto counts = cluster.request_counts();
    const auto requests = std::accumulate(
        counts.begin(), counts.end(), std::uint64_t{0}, [](std::uint64_t sum, const auto& count) {
            return sum + count.requests;
        });
    state.counters["requests"] =
        benchmark::Counter(static_cast<double>(requests), benchmark::Counter::kAvgIterations);
}

BENCHMARK(version)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(2.0);

BENCHMARK(lag)
    ->ArgNames({"topics", "partitions", "groups", "commits"})
    ->Args({20, 10, 20, 10})
    ->Args({100, 100, 100, 100})
    ->Args({100, 100, 200, 100})
    ->Args({200, 100, 100, 200})
    ->Args({200, 100, 200, 200})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2.0);

}  // namespace
}  // namespace caretaker::testing
