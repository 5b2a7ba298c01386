// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/prune_command.hpp"

#include "common/base/error.hpp"
#include "common/base/field_table.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/bytes.hpp"
#include "jobs/store/store_opening.hpp"

#include <fmt/format.h>

#include <memory>

namespace caretaker {

namespace {

template <typename T>
void replace(T& value, const std::optional<T>& by) {
    if (by) {
        value = *by;
    }
}

std::unique_ptr<Store> open_limited(const Context& context, const PruneOptions& options) {
    if (options.dry_run) {
        return open_to_read(context);
    }
    // Not made for this: there would be nothing to prune.
    return open_to_read(context) ? open_to_write(context) : nullptr;
}

}  // namespace

Retention apply_options(Retention retention, const PruneOptions& options) {
    replace(retention.runs, options.runs);
    replace(retention.runs_per_job, options.runs_per_job);
    replace(retention.run_metrics, options.run_metrics);
    replace(retention.samples_60s, options.samples_60s);
    replace(retention.samples_600s, options.samples_600s);
    replace(retention.samples_3600s, options.samples_3600s);
    replace(retention.findings, options.findings);
    replace(retention.events, options.events);
    replace(retention.outbox, options.outbox);
    replace(retention.snapshots, options.snapshots);
    return retention;
}

Report format_prune(const PruneResult& result, bool dry_run) {
    Table table{.columns = {text_column("what", "WHAT"),
                            number_column("rows", dry_run ? "WOULD GO" : "GONE")}};
    std::int64_t total = 0;
    for (const PruneCount& count : result.counts) {
        table.rows.push_back({count.name, count.rows});
        total += count.rows;
    }
    FieldTable file("File");
    file.add(dry_run ? "would go" : "gone", fmt::format("{} rows", total));
    file.add("before", format_bytes(result.bytes_before));
    file.add("after", dry_run ? Cell() : Cell(format_bytes(result.bytes_after)));
    file.add("kept shorter",
             result.level > 0
                 ? Cell(fmt::format("{} times, as the file was nearly full", 1 << result.level))
                 : Cell());
    file.add("nearly full", result.nearly_full ? Cell("yes, still") : Cell());
    return {.summary = dry_run ? fmt::format("{} rows would go; nothing was changed", total)
                               : fmt::format("{} rows are gone, {} before, {} after",
                                             total,
                                             format_bytes(result.bytes_before),
                                             format_bytes(result.bytes_after)),
            .table = std::move(table),
            .details = {file.take()}};
}

Report prune_store(const Context& context, const PruneOptions& options) {
    const auto store = open_limited(context, options);
    if (!store) {
        return report_no_store(context);
    }
    const auto result =
        store->prune({.retention = apply_options(store_access(context).retention, options),
                      .now = context.clock.now(),
                      .enough = [&] { return context.stop.requested(); },
                      .dry_run = options.dry_run,
                      .always = true,
                      .max_bytes = options.max_bytes});
    if (!result) {
        throw StoreError(
            fmt::format("store {}: another process is pruning it; try again when that is done",
                        store->path()),
            "store_busy");
    }
    context.stop.check();
    if (result->nearly_full && !options.dry_run) {
        context.log.warning(
            "the store is still nearly full; raise store.max_bytes, or keep runs and findings "
            "shorter");
    }
    return format_prune(*result, options.dry_run);
}

}  // namespace caretaker
