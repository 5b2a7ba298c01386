// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` against the sandbox's broker: cost by the shape of the cluster, by what is wrong
// with it, and by what runs remember.
#include "tests/bench/whole_process.hpp"
#include "tests/sandbox/fake_kafka_cluster.hpp"
#include "tests/sandbox/kafka_scenario.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

namespace caretaker::testing {
namespace {

constexpr int brokers = 3;

struct Shape {
    std::int32_t topics = 0;
    std::int32_t partitions = 0;  // of a topic
    std::int32_t groups = 0;
    std::int32_t commits = 0;  // of a group
};

constexpr Shape shape_s{20, 10, 20, 10};
constexpr Shape shape_m{100, 100, 100, 100};
constexpr Shape shape_w{100, 100, 100, 10'000};
constexpr Shape shape_g{25, 100, 5'000, 5};

/// A cluster of that shape and a command that measures it, with a store of its own.
class LagBench {
 public:
    explicit LagBench(const Shape& shape)
        : cluster_(sandbox::make_grid_scenario(
                       shape.topics, shape.partitions, shape.groups, shape.commits),
                   brokers) {}

    [[nodiscard]] sandbox::FakeKafkaCluster& cluster() { return cluster_; }

    [[nodiscard]] Command command(bool with_store = true) const {
        const std::string store =
            with_store ? (folder_.path() / "caretaker.db").string() : std::string("none");
        return {.argv = {CARETAKER_BINARY,
                         "lag",
                         "--bootstrap-server",
                         cluster_.bootstrap_servers(),
                         "--store",
                         store,
                         "--no-statsd",
                         "-q"},
                .out = Output::file("/dev/null")};
    }

    /// Runs once, so that every iteration finds a store, and counts requests from then on.
    void warm_up() {
        run_command(command());
        cluster_.reset_request_counts();
    }

    /// Adds the counter `requests`, the mean of an iteration.
    void report_requests(benchmark::State& state) const {
        const auto counts = cluster_.request_counts();
        const auto requests = std::accumulate(
            counts.begin(),
            counts.end(),
            std::uint64_t{0},
            [](std::uint64_t sum, const auto& count) { return sum + count.requests; });
        state.counters["requests"] =
            benchmark::Counter(static_cast<double>(requests), benchmark::Counter::kAvgIterations);
    }

 private:
    sandbox::FakeKafkaCluster cluster_;
    TempDir folder_;
};

void version(benchmark::State& state) {
    run_whole_process(state, {.argv = {CARETAKER_BINARY, "--version"}});
}

void lag_of_shape(benchmark::State& state, const Shape& shape) {
    LagBench bench(shape);
    bench.warm_up();
    run_whole_process(state, bench.command());
    bench.report_requests(state);
}

/// Arguments: topics, partitions a topic, groups, commits a group.
void lag(benchmark::State& state) {
    const auto number = [&](int i) { return static_cast<std::int32_t>(state.range(i)); };
    lag_of_shape(state, {number(0), number(1), number(2), number(3)});
}

/// M where something is wrong, so that runs end with `code`.
void lag_with_fault(benchmark::State& state, std::string_view fault, int code) {
    LagBench bench(shape_m);
    bench.warm_up();
    bench.cluster().set_fault(fault);
    run_whole_process(state, bench.command(), code);
    bench.report_requests(state);
}

/// S where the coordinators of 3 of the 20 groups say once a run that they are it no more. A handle
/// without a group of its own would crash the library here, so that the number of runs matters.
void lag_not_coordinator(benchmark::State& state) {
    LagBench bench(shape_s);
    bench.warm_up();
    const Command command = bench.command();
    ProcessMeter meter(state);
    for (auto _ : state) {
        for (const char* group : {"group-003", "group-007", "group-011"}) {
            bench.cluster().set_fault(
                std::string("error:code=NOT_COORDINATOR,api=OffsetFetch,times=1,group=") + group);
        }
        if (!meter.run(command)) {
            return;
        }
        bench.cluster().clear_faults();
    }
    meter.report();
}

/// Every group commits 5 of the 10 records that came: it stays behind, and each run has news.
void let_time_pass(sandbox::FakeKafkaCluster& cluster) {
    cluster.update([](sandbox::KafkaScenario& scenario) {
        for (sandbox::FakeTopic& topic : scenario.topics) {
            for (sandbox::FakePartition& partition : topic.partitions) {
                partition.log_end += 10;
            }
        }
        for (sandbox::FakeGroup& group : scenario.groups) {
            for (sandbox::FakeCommits& commits : group.commits) {
                for (sandbox::FakeCommit& commit : commits.commits) {
                    commit.offset += 5;
                }
            }
        }
    });
}

/// M, whose commits and logs move between two runs, once the windows of all partitions are full;
/// without a store for comparison.
void lag_with_history(benchmark::State& state, bool with_store) {
    constexpr int runs_until_full = 12;
    LagBench bench(shape_m);
    const Command command = bench.command(with_store);
    for (int run = 0; run < runs_until_full; ++run) {
        let_time_pass(bench.cluster());
        run_command(command);
    }
    bench.cluster().reset_request_counts();
    ProcessMeter meter(state);
    for (auto _ : state) {
        let_time_pass(bench.cluster());  // the time of an iteration is that of the process alone
        if (!meter.run(command)) {
            return;
        }
    }
    meter.report();
    bench.report_requests(state);
}

BENCHMARK(version)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(2.0);

BENCHMARK_CAPTURE(lag_of_shape, S, shape_s)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2.0);
BENCHMARK_CAPTURE(lag_of_shape, M, shape_m)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2.0);
BENCHMARK_CAPTURE(lag_of_shape, W, shape_w)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);
BENCHMARK_CAPTURE(lag_of_shape, G, shape_g)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);
BENCHMARK_CAPTURE(lag_with_fault, D, "dead:broker=2", 3)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);
BENCHMARK_CAPTURE(lag_with_fault, L, "delay:ms=5", 0)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(10);
BENCHMARK_CAPTURE(lag_with_history, full_windows, true)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20);
BENCHMARK_CAPTURE(lag_with_history, no_store, false)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(20);

BENCHMARK(lag_not_coordinator)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1'000);

/// Growth with groups and with partitions: each size twice the one before it.
BENCHMARK(lag)
    ->ArgNames({"topics", "partitions", "groups", "commits"})
    ->Args({100, 100, 50, 100})
    ->Args({100, 100, 100, 100})
    ->Args({100, 100, 200, 100})
    ->Args({100, 100, 400, 100})
    ->Args({50, 100, 100, 50})
    ->Args({100, 100, 100, 100})
    ->Args({200, 100, 100, 200})
    ->Args({400, 100, 100, 400})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2.0);

}  // namespace
}  // namespace caretaker::testing
