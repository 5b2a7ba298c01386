// SPDX-License-Identifier: Apache-2.0
#include "common/output/report_csv.hpp"

#include "common/output/table_text.hpp"
#include "common/text/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace caretaker {

namespace {

void append_text(std::string& line, const std::string& text) {
    const auto is_special = [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; };
    if (std::ranges::none_of(text, is_special)) {
        line += to_valid_utf8(text);
        return;
    }
    line += '"';
    for (const char c : to_valid_utf8(text)) {
        line.append(c == '"' ? 2 : 1, c);
    }
    line += '"';
}

void append_field(std::string& line, const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
        append_text(line, *text);
    } else if (const bool* flag = std::get_if<bool>(&cell)) {
        line += *flag ? "true" : "false";
    } else if (!std::holds_alternative<std::monostate>(cell)) {
        line += format_cell(cell, false);
    }
}

}  // namespace

void write_csv(const Table& table, TextOut& out) {
    std::string line;
    const auto end_line = [&] {
        line += '\n';
        out.append(line);
        line.clear();
    };
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        line.append(i == 0 ? "" : ",").append(table.columns[i].key);
    }
    end_line();
    table.for_each_row([&](std::span<const Cell> row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            line.append(i == 0 ? "" : ",");
            append_field(line, row[i]);
        }
        end_line();
    });
}

std::string render_csv(const Table& table) {
    return collect_text([&](TextOut& out) { write_csv(table, out); });
}

}  // namespace caretaker
