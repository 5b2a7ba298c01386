// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/check_command.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/metric_builders.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/table_columns.hpp"
#include "jobs/store/store_opening.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view intact = "ok";

void add_rows(Table& table,
              std::string_view check,
              const std::vector<std::string>& faults,
              std::string_view advice) {
    if (faults.empty()) {
        table.rows.push_back({std::string(check), std::string(intact), Cell(), Cell()});
    }
    for (const std::string& fault : faults) {
        table.rows.push_back(
            {std::string(check), std::string("failed"), fault, std::string(advice)});
    }
}

/// What later runs are told by it, where that can be written.
void note(const Context& context, const FullCheck& check) {
    const std::string verdict =
        check.integrity.empty() ? std::string(intact) : check.integrity.front();
    // Caught because the result is shown in any case.
    try {
        open_to_write(context)->note_check(context.clock.now(), verdict);
    } catch (const StoreError& error) {
        context.stop.check();
        context.log.info(fmt::format("the result is not noted in the store: {}", error.what()));
    }
}

}  // namespace

Report format_store_check(const std::string& path, const FullCheck& check) {
    constexpr std::string_view damaged =
        "`caretaker store export` saves what can be read, `caretaker store reset` puts the file "
        "aside";
    Report report{.table = {.columns = {text_column("check", "CHECK"),
                                        text_column("verdict", "VERDICT"),
                                        text_column("found", "FOUND"),
                                        text_column("advice", "ADVICE")}}};
    add_rows(report.table, "integrity", check.integrity, damaged);
    add_rows(report.table, "foreign keys", check.foreign_keys, damaged);
    add_rows(report.table,
             "schema",
             check.schema,
             "another program changed the tables; `caretaker store reset` puts the file aside");
    report.outcome = check.is_sound() ? Outcome::ok : Outcome::failed;
    report.nagios = check.is_sound() ? NagiosState::ok : NagiosState::critical;
    report.metrics = {
        make_gauge("faults",
                   static_cast<double>(check.integrity.size() + check.foreign_keys.size() +
                                       check.schema.size()))};
    report.summary =
        check.is_sound() ? fmt::format("{} is sound", path) : fmt::format("{} is damaged", path);
    return report;
}

Report check_store_file(const Context& context) {
    const auto store = open_to_read(context);
    if (!store) {
        return report_no_store(context);
    }
    const FullCheck check = store->check();
    note(context, check);
    return format_store_check(store->path(), check);
}

}  // namespace caretaker
