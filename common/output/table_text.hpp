// SPDX-License-Identifier: Apache-2.0
// Tables as people read them: two spaces between columns, numbers right, headings in capitals.
#pragma once

#include "common/base/table.hpp"
#include "common/output/text_out.hpp"

#include <cstddef>
#include <string>

namespace caretaker {

struct TableStyle {
    std::size_t max_width = 0;     // in terminal columns; 0: never cut
    bool grouped_numbers = false;  // 1 204 instead of 1204
    bool local_times = false;      // in the zone of the terminal instead of UTC
    bool colour = false;           // of words that tell a state
    bool ascii = false;            // no decoration outside ASCII
};

/// The table with its heading line; every line ends in '\n' and has no trailing blanks. Control
/// characters in cells are shown escaped, so that a name from outside cannot drive the terminal.
void write_table(const Table& table, const TableStyle& style, TextOut& out);

std::string render_table(const Table& table, const TableStyle& style);

/// One cell as text: `-` for none, yes/no, numbers without exponent where they are whole, times in
/// UTC.
std::string format_cell(const Cell& cell, bool grouped_numbers);

}  // namespace caretaker
