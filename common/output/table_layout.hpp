// SPDX-License-Identifier: Apache-2.0
// Which columns of a table a terminal has room for, and how wide each is. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace caretaker {

/// Blanks between two columns.
inline constexpr std::size_t column_gap = 2;

/// One column as it would be with room for everything.
struct ColumnShape {
    std::size_t width = 0;    // of its heading and its widest cell, in terminal columns
    bool whole = false;       // numbers and times: never cut
    bool blank = false;       // no cell says anything
    bool state = false;       // tells how something stands
    std::size_t variety = 0;  // how many different cells there are
};

struct TableLayout {
    std::vector<std::size_t> columns{};  // those shown, by their place in the table
    std::vector<std::size_t> widths{};   // of those
    std::size_t left_out = 0;            // columns there is no room for
    bool wraps_last = false;  // the last column is a text that goes on in lines of its own
};

/// Fits `columns` into `max_width` terminal columns; 0: there is room for everything. In this
/// order, until the line fits: columns that say nothing are left out; a text at the end gets what
/// the others leave, and wraps; other texts are cut, the first column, which names the row, last of
/// all; of the columns those are left out that tell the rows apart least, but never the first two,
/// a state, nor a text at the end while there are others.
TableLayout lay_out_table(std::span<const ColumnShape> columns, std::size_t max_width);

}  // namespace caretaker
