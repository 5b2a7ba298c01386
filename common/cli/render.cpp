// SPDX-License-Identifier: Apache-2.0
#include "common/cli/render.hpp"

#include "common/output/report_csv.hpp"
#include "common/output/report_json.hpp"
#include "common/output/report_text.hpp"

namespace caretaker {

void write_run(const FinishedRun& run,
               JobKind kind,
               OutputFormat format,
               const TableStyle& style,
               TextOut& out) {
    if (!run.report.document.empty() && format != OutputFormat::none) {
        out.append(run.report.document);
        return;
    }
    switch (format) {
        case OutputFormat::table:
            // Both are missing where the whole result of a command is an empty document.
            if (!run.report.table.columns.empty() || !run.report.summary.empty()) {
                write_text(run, style, is_recorded(kind), out);
            }
            break;
        case OutputFormat::json:
            write_json(run, out);
            break;
        case OutputFormat::jsonl:
            write_jsonl(run, out);
            break;
        case OutputFormat::csv:
            write_csv(run.report.table, out);
            break;
        case OutputFormat::none:
            break;
    }
}

std::string render_early_error(OutputFormat format,
                               ExitCode exit_code,
                               std::string_view code,
                               std::string_view message) {
    switch (format) {
        case OutputFormat::json:
            return render_json_error(exit_code, code, message);
        case OutputFormat::jsonl:
            return render_jsonl_error(exit_code, code, message);
        default:
            return {};
    }
}

}  // namespace caretaker
