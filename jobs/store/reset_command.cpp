// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/reset_command.hpp"

#include "common/base/error.hpp"
#include "common/base/table_columns.hpp"
#include "common/store/store_reset.hpp"
#include "common/text/bytes.hpp"
#include "jobs/store/store_opening.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {

namespace {

Table format_files(const std::vector<StoreFile>& files) {
    Table table{.columns = {text_column("file", "FILE"),
                            number_column("size", "SIZE"),
                            machine_column("bytes")}};
    for (const StoreFile& file : files) {
        table.rows.push_back(
            {file.path, format_bytes(file.bytes), static_cast<std::int64_t>(file.bytes)});
    }
    return table;
}

std::string format_question(const std::vector<StoreFile>& files) {
    std::string text;
    for (const StoreFile& file : files) {
        text += fmt::format("{} ({})\n", file.path, format_bytes(file.bytes));
    }
    return text + "\nPut this store aside, so that the next run begins a new one? [y/N] ";
}

bool is_yes(const std::optional<std::string>& answer) {
    return answer == "y" || answer == "yes";
}

}  // namespace

Report reset_store(const Context& context, bool yes) {
    const StoreOptions& options = store_access(context).options;
    const std::vector<StoreFile> files = find_store_files(options.path);
    if (files.empty()) {
        return report_no_store(context);
    }
    if (!yes && !context.ask) {
        throw UsageError(
            "store reset: nobody can be asked here, as standard input is no terminal; give --yes");
    }
    if (!yes && !is_yes(context.ask(format_question(files)))) {
        return {.outcome = Outcome::skipped,
                .summary = "nothing was changed, as the answer was not yes"};
    }
    const auto reset = put_store_aside(options, context.clock.now());
    if (!reset) {
        return report_no_store(context);
    }
    return {.summary = fmt::format("the store lies at {} now; the next run begins a new one",
                                   reset->aside),
            .table = format_files(reset->files)};
}

}  // namespace caretaker
