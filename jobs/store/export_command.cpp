// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/export_command.hpp"

#include "common/base/die_point.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/table_columns.hpp"
#include "common/output/streamed_file.hpp"
#include "jobs/store/export_line.hpp"
#include "jobs/store/store_opening.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <numeric>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace caretaker {

namespace {

struct Written {
    std::array<std::int64_t, row_types> rows{};  // by RowType

    [[nodiscard]] std::string end_line() const {
        return format_end({.rows = std::accumulate(rows.begin(), rows.end(), std::int64_t{0})});
    }
};

/// Hands over the lines of an export but for the last; false from `take` ends it.
Written write_lines(const Context& context,
                    const Store* store,
                    const std::function<bool(std::string_view)>& take) {
    Written written;
    bool goes_on = take(format_header({.schema = store_schema_version,
                                       .exported_at = context.clock.now(),
                                       .host = context.run.host,
                                       .version = context.run.version}));
    if (store != nullptr) {
        StoreExporter exporter = store->exporter();
        if (exporter.runs_left_out() > 0) {
            context.log.info(fmt::format("{} runs are left out, as they have not ended",
                                         exporter.runs_left_out()));
        }
        for (auto rows = exporter.next(); goes_on && !rows.empty(); rows = exporter.next()) {
            context.stop.check();
            die_point("store-export");
            for (const StoreRow& row : rows) {
                ++written.rows.at(static_cast<std::size_t>(row.type));
            }
            goes_on = take(format_rows(rows));
        }
    }
    return written;
}

Report format_counts(const Written& written, const std::string& file) {
    Report report{
        .summary = fmt::format("exported to {}", file),
        .table = {.columns = {text_column("what", "WHAT"), number_column("rows", "ROWS")}}};
    for (std::size_t type = 0; type < row_types; ++type) {
        report.table.rows.push_back(
            {std::string(to_string(static_cast<RowType>(type))), written.rows.at(type)});
    }
    return report;
}

}  // namespace

Report export_store(const Context& context, const std::string& file) {
    const auto store = open_to_read(context);
    if (file.empty()) {
        // A report that is a document is shown as it is; this one's comes after the lines.
        return {.document = write_lines(context, store.get(), context.write_result).end_line()};
    }
    std::error_code unknown;
    if (store && std::filesystem::equivalent(file, store->path(), unknown)) {
        throw UsageError(fmt::format("store export --out {}: that is the store itself", file));
    }
    StreamedFile output(file);
    const Written written = write_lines(context, store.get(), [&](std::string_view piece) {
        output.write(piece);
        return true;
    });
    output.write(written.end_line());
    die_point("store-export");
    output.publish();
    return format_counts(written, file);
}

}  // namespace caretaker
