// SPDX-License-Identifier: Apache-2.0
// Commands that show, on a store of 100 000 runs.
#include "common/store/database.hpp"
#include "common/store/store.hpp"
#include "tests/bench/whole_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr int runs = 100'000;
constexpr int jobs = 20;  // each every five minutes: a bit more than 17 days

/// Filled by SQL: it is the reading that is measured, and closing so many runs takes minutes.
void fill(const std::string& path) {
    Store::open({.path = path});
    Database database(path, Database::Access::read_write, {});
    database.execute(fmt::format(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {0}), "
        "r AS (SELECT i, (unixepoch() * 1000) - ({0} - i) / {1} * 300000 AS at FROM n) "
        "INSERT INTO runs(uid, job, target, started_ms, ended_ms, duration_ms, outcome, exit_code, "
        "trigger, host, boot_id, version, argv, config_hash, summary) "
        "SELECT printf('%08x-0000-7000-8000-%012x', i, i), 'job-' || (i % {1}), 'prod', at, "
        "at + 2000, 2000, CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'ok' END, 0, 'chronos', "
        "'agent-1', 'boot', '0.1.0', 'caretaker lag --target prod', '0011223344556677', "
        "'13 groups, 182 partitions, lag 101000649' FROM r",
        runs,
        jobs));
    database.execute(
        "INSERT INTO job_status(job, target, last_run, last_outcome, last_ended_ms, last_ok_run, "
        "last_ok_ms) SELECT job, target, max(id), 'ok', max(ended_ms), max(id), max(ended_ms) FROM "
        "runs GROUP BY job, target");
}

void show(benchmark::State& state, std::vector<std::string> words) {
    const TempDir folder;
    const std::string path = folder.file("caretaker.db");
    fill(path);
    std::vector<std::string> argv{CARETAKER_BINARY};
    argv.insert(argv.end(), words.begin(), words.end());
    argv.insert(argv.end(), {"--store", path, "-q"});
    run_whole_process(state, {.argv = argv});
}

void status(benchmark::State& state) {
    show(state, {"status"});
}

void history(benchmark::State& state) {
    show(state, {"history"});
}

BENCHMARK(status)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(2.0);
BENCHMARK(history)->UseManualTime()->Unit(benchmark::kMillisecond)->MinTime(2.0);

}  // namespace
}  // namespace caretaker::testing
