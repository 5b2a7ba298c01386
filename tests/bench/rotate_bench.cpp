// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` against the sandbox's search engine: what planning and deleting cost us, and
// the service in requests, by the number of indices.
#include "tests/bench/whole_process.hpp"
#include "tests/sandbox/fake_search.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

/// Every tenth index stays.
void fill(sandbox::SearchState& state, std::int64_t count) {
    state.indices.clear();
    for (std::int64_t i = 0; i < count; ++i) {
        sandbox::FakeIndex& index = state.add(
            fmt::format("logs-application-{:06}-{}", i, i % 10 == 0 ? "2999.01.01" : "2020.01.01"));
        index.docs = 1'000;
        index.bytes = 1 << 20;
    }
}

std::uint64_t sum(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t all = 0;
    for (const auto& [method, count] : counts) {
        all += count;
    }
    return all;
}

/// Adds the counters requests, deletes and first_request_ms (mean of an iteration) to those of a
/// ProcessMeter.
void rotate(benchmark::State& state, const std::string& mode) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    sandbox::FakeSearch search({});
    const TempDir folder;
    const std::string file = folder.file("actions.yml");
    std::ofstream(file) << R"(actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: pattern, kind: prefix, value: logs-}
    - {filtertype: age, source: name, direction: older, timestring: '%Y.%m.%d', unit: days, unit_count: 30}
)";
    Command command;
    command.argv = {CARETAKER_BINARY,
                    "rotate",
                    mode,
                    "--max-percent",
                    "100",
                    "--es-url",
                    search.url(),
                    "--store",
                    folder.file("store.db"),
                    "--no-statsd",
                    "-q",
                    "-o",
                    "none",
                    file};
    ProcessMeter meter(state);
    double first_ms = 0;
    std::uint64_t requests = 0;
    std::uint64_t deletes = 0;
    for (auto _ : state) {
        search.with_state([&](sandbox::SearchState& indices) { fill(indices, state.range(0)); });
        search.begin_anew();
        const auto start = std::chrono::steady_clock::now();
        if (!meter.run(command)) {
            return;
        }
        first_ms += Milliseconds(search.first_request_at().value_or(start) - start).count();
        const auto counts = search.request_counts();
        requests = sum(counts);
        deletes = counts.contains("DELETE") ? counts.at("DELETE") : 0;
    }
    meter.report();
    state.counters["first_request_ms"] =
        benchmark::Counter(first_ms, benchmark::Counter::kAvgIterations);
    state.counters["requests"] = static_cast<double>(requests);
    state.counters["deletes"] = static_cast<double>(deletes);
}

void rotate_plan(benchmark::State& state) {
    rotate(state, "--dry-run");
}

void rotate_delete(benchmark::State& state) {
    rotate(state, "--yes");
}

BENCHMARK(rotate_plan)
    ->Arg(3'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(1.0);
BENCHMARK(rotate_delete)
    ->Arg(1'000)
    ->Arg(3'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(1.0);

}  // namespace
}  // namespace caretaker::testing
