// SPDX-License-Identifier: Apache-2.0
#include "common/output/report_csv.hpp"

#include "common/output/table_text.hpp"
#include "common/text/utf8.hpp"

namespace caretaker {

namespace {

std::string format_field(const Cell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) {
        return {};
    }
    if (const bool* flag = std::get_if<bool>(&cell)) {
        return *flag ? "true" : "false";
    }
    const std::string* text = std::get_if<std::string>(&cell);
    if (text == nullptr) {
        return format_cell(cell, false);
    }
    if (text->find_first_of(",\"\r\n") == std::string::npos) {
        return to_valid_utf8(*text);
    }
    std::string quoted = "\"";
    for (const char c : to_valid_utf8(*text)) {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + '"';
}

}  // namespace

std::string render_csv(const Table& table) {
    std::string out;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        out.append(i == 0 ? "" : ",").append(table.columns[i].key);
    }
    out += '\n';
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out.append(i == 0 ? "" : ",").append(format_field(row[i]));
        }
        out += '\n';
    }
    return out;
}

}  // namespace caretaker
