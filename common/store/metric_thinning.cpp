// SPDX-License-Identifier: Apache-2.0
#include "common/store/metric_thinning.hpp"

#include "common/store/database.hpp"
#include "common/store/meta_values.hpp"
#include "common/store/time_columns.hpp"

#include <algorithm>
#include <optional>

namespace caretaker {

namespace {

constexpr std::string_view progress_key = "metrics_thinned_ms";
constexpr std::int64_t rows_per_transaction = 2000;
constexpr int hours_per_transaction = 24;
constexpr std::chrono::milliseconds hour = std::chrono::hours(1);

class MetricThinning {
 public:
    MetricThinning(Database& database, WallTime before)
        : database_(database), before_(to_milliseconds(before)) {}

    [[nodiscard]] std::int64_t count() const {
        Statement metrics = database_.prepare("SELECT count(*) FROM run_metrics WHERE run_id = ?");
        std::int64_t rows = 0;
        std::int64_t from = progress();
        while (const auto begin = next_hour(from)) {
            for (const std::int64_t run : plan_thinning(fetch_hour(*begin))) {
                metrics.with(run).step();
                rows += metrics.integer(0);
            }
            from = *begin + hour.count();
        }
        return rows;
    }

    [[nodiscard]] PruneBatch do_batch() const {
        PruneBatch batch;
        database_.write("thinning the metrics of runs", [&] { batch = thin_next_hours(); });
        return batch;
    }

 private:
    [[nodiscard]] std::int64_t progress() const {
        // Never past the limit: a clock that was wrong for a while must not end thinning for good.
        return std::min(fetch_meta_integer(database_, progress_key).value_or(0), before_);
    }

    /// The beginning of the first hour from `from` on that has a run; none before the limit.
    [[nodiscard]] std::optional<std::int64_t> next_hour(std::int64_t from) const {
        Statement find = database_.prepare(
            "SELECT min(started_ms) FROM runs WHERE started_ms >= ? AND started_ms < ?");
        find.with(from, before_).step();
        const auto started = find.optional_integer(0);
        return started ? std::optional(*started - *started % hour.count()) : std::nullopt;
    }

    [[nodiscard]] std::vector<HourRun> fetch_hour(std::int64_t begin) const {
        Statement find = database_.prepare(
            "SELECT id, job, target, outcome = 'ok' FROM runs WHERE started_ms >= ? AND "
            "started_ms < ? ORDER BY started_ms, id");
        find.with(begin, begin + hour.count());
        std::vector<HourRun> runs;
        while (find.step()) {
            runs.push_back({.id = find.integer(0),
                            .job = find.text(1),
                            .target = find.text(2),
                            .ok = find.integer(3) != 0});
        }
        return runs;
    }

    [[nodiscard]] PruneBatch thin_next_hours() const {
        Statement remove = database_.prepare("DELETE FROM run_metrics WHERE run_id = ?");
        PruneBatch batch;
        std::int64_t from = progress();
        for (int hours = 0; hours < hours_per_transaction; ++hours) {
            const auto begin = next_hour(from);
            if (!begin) {
                save_meta_integer(database_, progress_key, before_);
                batch.done = true;
                return batch;
            }
            for (const std::int64_t run : plan_thinning(fetch_hour(*begin))) {
                remove.with(run).run();
                batch.rows += database_.changes();
                if (batch.rows >= rows_per_transaction) {
                    return batch;  // the rest of this hour comes next
                }
            }
            from = *begin + hour.count();
            save_meta_integer(database_, progress_key, from);
        }
        return batch;
    }

    Database& database_;
    std::int64_t before_;
};

}  // namespace

PruneStep make_metric_thinning(Database& database, WallTime before) {
    const MetricThinning thinning(database, before);
    return {.name = "run_metrics",
            .count = [thinning] { return thinning.count(); },
            .do_batch = [thinning] { return thinning.do_batch(); }};
}

void restart_metric_thinning(const Database& database, WallTime started_at) {
    const auto thinned = fetch_meta_integer(database, progress_key);
    if (thinned && to_milliseconds(started_at) < *thinned) {
        save_meta_integer(database, progress_key, to_milliseconds(started_at));
    }
}

}  // namespace caretaker
