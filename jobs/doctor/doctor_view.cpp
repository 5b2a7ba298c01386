// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/doctor_view.hpp"

#include "common/base/table_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace caretaker {

Table format_checks(std::span<const CheckRow> rows) {
    static const std::vector<ItemColumn<CheckRow>> columns{
        {text_column("check", "CHECK"), [](const CheckRow& row) -> Cell { return row.check; }},
        {text_column("subject", "SUBJECT"),
         [](const CheckRow& row) { return non_empty(row.subject); }},
        {text_column("verdict", "VERDICT"),
         [](const CheckRow& row) -> Cell { return std::string(to_string(row.state)); }},
        {text_column("found", "FOUND"), [](const CheckRow& row) { return non_empty(row.found); }},
        {text_column("advice", "TO DO"), [](const CheckRow& row) { return non_empty(row.advice); }},
    };
    return make_table<CheckRow>("", columns, rows);
}

std::string summarize_checks(std::span<const CheckRow> rows) {
    const auto count = [rows](CheckState state) {
        return std::ranges::count(rows, state, &CheckRow::state);
    };
    return fmt::format("{} checks: {} failed, {} with a warning, {} skipped",
                       rows.size(),
                       count(CheckState::failed),
                       count(CheckState::warning),
                       count(CheckState::skipped));
}

}  // namespace caretaker
