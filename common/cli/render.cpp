// SPDX-License-Identifier: Apache-2.0
#include "common/cli/render.hpp"

#include "common/output/report_csv.hpp"
#include "common/output/report_json.hpp"
#include "common/output/report_text.hpp"

namespace caretaker {

std::string render_run(const FinishedRun& run,
                       JobKind kind,
                       OutputFormat format,
                       const TableStyle& style) {
    if (!run.report.document.empty() && format != OutputFormat::none) {
        return run.report.document;
    }
    switch (format) {
        case OutputFormat::table:
            if (run.report.table.columns.empty() && run.report.summary.empty()) {
                return {};  // a command whose whole result is an empty document
            }
            return render_text(run, style, is_recorded(kind));
        case OutputFormat::json:
            return render_json(run);
        case OutputFormat::jsonl:
            return render_jsonl(run);
        case OutputFormat::csv:
            return render_csv(run.report.table);
        case OutputFormat::none:
            break;
    }
    return {};
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
