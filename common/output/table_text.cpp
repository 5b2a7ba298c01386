// SPDX-License-Identifier: Apache-2.0
#include "common/output/table_text.hpp"

#include "common/output/local_time.hpp"
#include "common/output/word_colour.hpp"
#include "common/text/display_width.hpp"
#include "common/text/number.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;  // a cell is never cut below this

std::string escape_controls(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    return out;
}

void append_padded(std::string& line, const std::string& text, std::size_t width, bool right) {
    const std::size_t used = std::min(width, display_width(text));
    if (right) {
        line.append(width - used, ' ').append(text);
    } else {
        line.append(text).append(width - used, ' ');
    }
}

void finish_line(TextOut& out, std::string& line) {
    line.erase(line.find_last_not_of(' ') + 1);
    line += '\n';
    out.append(line);
    line.clear();
}

/// Takes from the widest text column, again and again, until the line fits.
void shrink_to(std::size_t max_width,
               const std::vector<const Column*>& columns,
               std::vector<std::size_t>& widths) {
    std::size_t total =
        std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + gap * (widths.size() - 1);
    while (total > max_width) {
        std::size_t widest = widths.size();
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const bool may_shrink = !columns[i]->right && widths[i] > narrowest;
            if (may_shrink && (widest == widths.size() || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        if (widest == widths.size()) {
            return;
        }
        --widths[widest];
        --total;
    }
}

std::string cell_text(const Cell& cell, const TableStyle& style) {
    const auto* time = std::get_if<WallTime>(&cell);
    return time != nullptr && style.local_times ? format_local_time(*time)
                                                : format_cell(cell, style.grouped_numbers);
}

std::string cut_cell(const std::string& text, std::size_t width, bool ascii) {
    constexpr std::string_view ellipsis = "…";
    std::string cut = cut_to_width(text, width);
    if (ascii && cut.ends_with(ellipsis)) {
        cut.replace(cut.size() - ellipsis.size(), ellipsis.size(), "~");
    }
    return cut;
}

}  // namespace

std::string format_cell(const Cell& cell, bool grouped_numbers) {
    struct Format {
        bool grouped;

        std::string operator()(std::monostate) const { return "-"; }

        std::string operator()(std::int64_t number) const { return format_number(number, grouped); }

        std::string operator()(double number) const { return fmt::format("{}", number); }

        std::string operator()(bool value) const { return value ? "yes" : "no"; }

        std::string operator()(const std::string& text) const {
            return text.empty() ? "-" : escape_controls(text);
        }

        std::string operator()(WallTime time) const { return format_rfc3339(time); }
    };

    return std::visit(Format{grouped_numbers}, cell);
}

void write_table(const Table& table, const TableStyle& style, TextOut& out) {
    std::vector<std::size_t> shown;
    std::vector<const Column*> columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].shown == Shown::always) {
            shown.push_back(i);
            columns.push_back(&table.columns[i]);
        }
    }
    if (shown.empty()) {
        return;
    }

    std::vector<std::size_t> widths;
    widths.reserve(columns.size());
    for (const Column* column : columns) {
        widths.push_back(display_width(column->heading));
    }
    table.for_each_row([&](std::span<const Cell> row) {
        for (std::size_t i = 0; i < shown.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(cell_text(row[shown[i]], style)));
        }
    });
    if (style.max_width != 0) {
        shrink_to(style.max_width, columns, widths);
    }

    std::string line;
    const auto append_cell = [&](std::size_t i, const std::string& text) {
        if (i != 0) {
            line.append(gap, ' ');
        }
        const bool cut = display_width(text) > widths[i] && !columns[i]->right;
        std::string cell;
        append_padded(cell,
                      cut ? cut_cell(text, widths[i], style.ascii) : text,
                      widths[i],
                      columns[i]->right);
        line += style.colour ? colour_state(columns[i]->key, cell) : cell;
    };
    for (std::size_t i = 0; i < columns.size(); ++i) {
        append_cell(i, columns[i]->heading);
    }
    finish_line(out, line);
    table.for_each_row([&](std::span<const Cell> row) {
        for (std::size_t i = 0; i < shown.size(); ++i) {
            append_cell(i, cell_text(row[shown[i]], style));
        }
        finish_line(out, line);
    });
}

std::string render_table(const Table& table, const TableStyle& style) {
    return collect_text([&](TextOut& out) { write_table(table, style, out); });
}

}  // namespace caretaker
