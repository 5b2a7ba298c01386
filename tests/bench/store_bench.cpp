// SPDX-License-Identifier: Apache-2.0
// What a run costs whatever its job does, and whether the store makes it dearer with time.
#include "common/store/database.hpp"
#include "common/store/store.hpp"
#include "common/store/store_pruner.hpp"
#include "tests/bench/whole_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

constexpr int jobs = 20;
constexpr int runs_a_day = 5760;  // of 20 jobs every five minutes
constexpr int metrics_a_run = 30;
constexpr std::int64_t day_ms = 86'400'000;

std::int64_t now_ms() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())
        .time_since_epoch()
        .count();
}

/// Adds `count` runs of `jobs` jobs, evenly from `begin` on over `length`, with metrics and a
/// sample each.
void add_runs(
    const std::string& path, std::int64_t begin, std::int64_t length, int count, int metrics) {
    Database database(path, Database::Access::read_write, BusyWait{});
    database.execute("PRAGMA synchronous = OFF");
    database.write("filling the store", [&] {
        database.execute(fmt::format(
            "INSERT INTO runs(uid, job, target, started_ms, ended_ms, duration_ms, outcome, "
            "exit_code, trigger, host, boot_id, version, argv, config_hash, summary) "
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {0} - 1) "
            "SELECT printf('%08x-1111-7abc-8def-%012x', {1} / 65536, random() & 281474976710655), "
            "'job' || (i % {3}), 'prod', {1} + i * {2} / {0}, {1} + i * {2} / {0} + 40, 40, 'ok', "
            "0, 'chronos', 'agent-1', 'boot', '0.1.0', 'caretaker lag --target prod --timeout "
            "45s', '0011223344556677', '6 groups, 42 partitions, lag 1204' FROM n",
            count,
            begin,
            length,
            jobs));
        database.execute(fmt::format(
            "INSERT OR IGNORE INTO metric_names(name, kind) "
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {} - 1) "
            "SELECT 'lag.metric' || i, 'gauge' FROM n",
            metrics_a_run));
        database.execute(
            fmt::format("INSERT INTO run_metrics(run_id, metric_id, value) SELECT r.id, n.id, r.id "
                        "FROM runs AS r CROSS JOIN metric_names AS n WHERE r.started_ms >= {} AND "
                        "n.name IN (SELECT name FROM metric_names WHERE id <= {})",
                        begin,
                        metrics));
    });
}

std::uint64_t size_of(const std::string& path) {
    return fs::file_size(path);
}

/// A store that lived for so many days: each day its runs come, and it is pruned as a run would.
class LivedStore {
 public:
    explicit LivedStore(int days) {
        const auto store = Store::open({.path = path()});
        const std::int64_t end = now_ms() - day_ms;
        for (int day = 0; day < days; ++day) {
            const std::int64_t begin = end - (days - day) * day_ms;
            add_runs(path(), begin, day_ms, runs_a_day, metrics_a_run);
            store->prune(
                {.now = WallTime(std::chrono::milliseconds(begin + day_ms)), .always = true});
            largest_ = std::max(largest_, size_of(path()));
        }
    }

    [[nodiscard]] std::string path() const { return directory_.file("caretaker.db"); }

    /// In bytes, after any of its days.
    [[nodiscard]] std::uint64_t largest() const { return largest_; }

 private:
    TempDir directory_;
    std::uint64_t largest_ = 0;
};

const LivedStore& lived_store(int days) {
    static std::map<int, std::unique_ptr<LivedStore>> stores;
    auto& store = stores[days];
    if (!store) {
        store = std::make_unique<LivedStore>(days);
    }
    return *store;
}

std::vector<std::string> idle(const std::string& path) {
    return {CARETAKER_TESTJOB, "idle", "-q", "-o", "none", "--no-statsd", "--store", path};
}

/// Configuration, store, lock, rows, metrics and exit: on a store that is new.
void run_that_does_nothing(benchmark::State& state) {
    const TempDir folder;
    const std::vector<std::string> argv = idle(folder.file("caretaker.db"));
    run_command({.argv = argv});  // makes the store, so that every iteration finds one
    run_whole_process(state, {.argv = argv});
}

/// The same with metrics sent, to a file.
void run_that_does_nothing_with_statsd(benchmark::State& state) {
    const TempDir folder;
    std::vector<std::string> argv = idle(folder.file("caretaker.db"));
    std::erase(argv, "--no-statsd");
    argv.insert(argv.end(), {"--statsd", "file://" + folder.file("metrics")});
    run_command({.argv = argv});
    run_whole_process(state, {.argv = argv});
}

/// Argument: days.
void run_on_a_store_of_days(benchmark::State& state) {
    const LivedStore& store = lived_store(static_cast<int>(state.range(0)));
    const std::vector<std::string> argv = idle(store.path());
    run_command({.argv = argv});  // checks and prunes, which happens once a day
    run_whole_process(state, {.argv = argv});
    state.counters["store_mib"] = static_cast<double>(store.largest()) / (1 << 20);
}

/// Argument: runs in the store. The first page.
void history_of_runs(benchmark::State& state) {
    const TempDir folder;
    const std::string path = folder.file("caretaker.db");
    Store::open({.path = path});
    const auto runs = static_cast<int>(state.range(0));
    add_runs(path, now_ms() - 20 * day_ms, 20 * day_ms, runs, 0);
    run_whole_process(
        state,
        {.argv = {CARETAKER_BINARY, "history", "--store", path}, .out = Output::file("/dev/null")});
}

/// Argument: days.
void export_of_a_store_of_days(benchmark::State& state) {
    const LivedStore& store = lived_store(static_cast<int>(state.range(0)));
    run_whole_process(state,
                      {.argv = {CARETAKER_BINARY, "store", "export", "--store", store.path()},
                       .out = Output::file("/dev/null")});
}

BENCHMARK(run_that_does_nothing)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(2.0);

BENCHMARK(run_that_does_nothing_with_statsd)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2.0);

BENCHMARK(run_on_a_store_of_days)
    ->ArgName("days")
    ->Arg(1)
    ->Arg(10)
    ->Arg(90)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2.0);

BENCHMARK(history_of_runs)
    ->ArgName("runs")
    ->Arg(1'000)
    ->Arg(100'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(2.0);

BENCHMARK(export_of_a_store_of_days)
    ->ArgName("days")
    ->Arg(10)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);

}  // namespace
}  // namespace caretaker::testing
