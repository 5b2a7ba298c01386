// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/planned_row.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/byte_escape.hpp"
#include "common/text/utf8.hpp"

#include <array>
#include <utility>

namespace caretaker {

namespace {

bool is_utf8(const std::string& text) {
    return to_valid_utf8(text) == text;
}

const std::array<ItemColumn<PlannedRow>, 15>& columns() {
    using Row = PlannedRow;
    static const std::array<ItemColumn<PlannedRow>, 15> all{{
        {number_column("seq", "SEQ"), [](const Row& row) { return Cell(row.seq); }},
        {machine_column("part"), [](const Row& row) { return Cell(row.part); }},
        {text_column("rule", "RULE"), [](const Row& row) { return Cell(row.rule); }},
        {text_column("kind", "KIND"), [](const Row& row) { return Cell(row.kind); }},
        {text_column("path", "PATH"),
         [](const Row& row) {
             return Cell(is_utf8(row.path) ? row.path : escape_bytes(row.path));
         }},
        {number_column("bytes", "BYTES"), [](const Row& row) { return Cell(row.bytes); }},
        {text_column("reason", "REASON"), [](const Row& row) { return Cell(row.reason); }},
        {text_column("result", "RESULT"), [](const Row& row) { return Cell(row.result); }},
        {machine_column("escaped_path"),
         [](const Row& row) { return Cell(escape_bytes(row.path)); }},
        {machine_column("device"),
         [](const Row& row) { return Cell(static_cast<std::int64_t>(row.device)); }},
        {machine_column("inode"),
         [](const Row& row) { return Cell(static_cast<std::int64_t>(row.inode)); }},
        {machine_column("size"), [](const Row& row) { return Cell(row.size); }},
        {machine_column("mtime_ns"), [](const Row& row) { return Cell(row.mtime); }},
        {machine_column("ctime_ns"), [](const Row& row) { return Cell(row.ctime); }},
        {machine_column("object"), [](const Row& row) { return non_empty(row.object); }},
    }};
    return all;
}

}  // namespace

std::vector<Column> planned_columns() {
    return table_columns<PlannedRow>(columns());
}

void fill_planned(std::vector<Cell>& cells, const PlannedRow& row) {
    fill_row<PlannedRow>(cells, columns(), row);
}

void append_planned(Table& table, std::vector<PlannedRow> rows) {
    if (table.columns.empty()) {
        table.columns = planned_columns();
    }
    if (rows.empty()) {
        return;
    }
    table.row_source = [above = std::move(table.row_source),
                        rows = std::move(rows)](const RowVisitor& visit) {
        std::int64_t seq = 0;
        if (above) {
            above([&](std::span<const Cell> row) {
                ++seq;
                visit(row);
            });
        }
        std::vector<Cell> cells;
        for (PlannedRow row : rows) {
            row.seq = ++seq;
            fill_planned(cells, row);
            visit(cells);
        }
    };
}

}  // namespace caretaker
