// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/import_command.hpp"

#include "common/base/stop_signal.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/store/export_line.hpp"
#include "jobs/store/import_check.hpp"
#include "jobs/store/line_file.hpp"
#include "jobs/store/store_opening.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <variant>

namespace caretaker {

namespace {

/// Reads the file once, all checks included. Returns who exported it.
ExportHeader read_rows(const LineFile& file, const std::function<void(const StoreRow&)>& take) {
    ImportCheck check;
    file.read([&](std::string_view text, std::int64_t number) {
        const std::string what = fmt::format("{} line {}", file.name(), number);
        const ExportLine line = parse_export_line(text, what);
        check.add(line, what);
        if (const auto* row = std::get_if<StoreRow>(&line)) {
            take(*row);
        }
    });
    check.finish(file.name());
    return *check.header();
}

Table format_counts(const ImportCounts& counts, bool dry_run) {
    Table table{.columns = {text_column("what", "WHAT"),
                            number_column("rows", "ROWS"),
                            number_column("added", "ADDED"),
                            number_column("known", "KNOWN"),
                            number_column("left_out", "LEFT OUT")}};
    for (std::size_t type = 0; type < row_types; ++type) {
        const ImportCount& count = counts.at(type);
        std::vector<Cell> row{std::string(to_string(static_cast<RowType>(type))),
                              count.added + count.known + count.left_out};
        for (const std::int64_t number : {count.added, count.known, count.left_out}) {
            row.push_back(dry_run ? Cell() : Cell(number));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace

Report import_store(const Context& context, const ImportOptions& options) {
    static_cast<void>(store_access(context));  // before a pipe is read for nothing
    const LineFile file(options.file, context.input, context.stop);
    // Read to its end before anything is written: a file with a mistake must not keep the store
    // locked, however large it is.
    ImportCounts counts{};
    const ExportHeader header = read_rows(
        file, [&](const StoreRow& row) { ++counts.at(static_cast<std::size_t>(row.type)).added; });
    const std::string origin = fmt::format("exported on {} at {} by caretaker {}",
                                           header.host,
                                           format_rfc3339(header.exported_at),
                                           header.version);
    if (options.dry_run) {
        return {.summary = fmt::format("{} can be imported; nothing was changed", origin),
                .table = format_counts(counts, true)};
    }
    const auto store = open_to_write(context);
    counts = store->import(context.clock.now(), options.with_holds, [&](StoreImporter& importer) {
        read_rows(file, [&](const StoreRow& row) { importer.add(row); });
    });
    const ImportCount& runs = counts.at(static_cast<std::size_t>(RowType::run));
    return {
        .summary = fmt::format("{} runs added, {} were known, {}", runs.added, runs.known, origin),
        .table = format_counts(counts, false)};
}

}  // namespace caretaker
