// SPDX-License-Identifier: Apache-2.0
#include "common/output/table_text.hpp"

#include "common/output/local_time.hpp"
#include "common/output/table_layout.hpp"
#include "common/output/word_colour.hpp"
#include "common/text/display_width.hpp"
#include "common/text/number.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace caretaker {

namespace {

/// So many different cells are as good as all.
constexpr std::size_t most_different = 100;

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

/// The columns that people see.
std::vector<std::size_t> shown_places(const Table& table) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].shown == Shown::always) {
            places.push_back(i);
        }
    }
    return places;
}

std::vector<ColumnShape> measure(const Table& table,
                                 std::span<const std::size_t> places,
                                 const TableStyle& style) {
    std::vector<ColumnShape> shapes;
    for (const std::size_t place : places) {
        shapes.push_back({.width = display_width(table.columns[place].heading),
                          .whole = table.columns[place].right,
                          .blank = true,
                          .state = tells_state(table.columns[place].key)});
    }
    std::vector<std::set<std::string>> different(places.size());
    table.for_each_row([&](std::span<const Cell> row) {
        for (std::size_t i = 0; i < places.size(); ++i) {
            const Cell& cell = row[places[i]];
            const std::string text = cell_text(cell, style);
            shapes[i].whole = shapes[i].whole || std::holds_alternative<WallTime>(cell);
            shapes[i].width = std::max(shapes[i].width, display_width(text));
            shapes[i].blank = shapes[i].blank && text == "-";
            if (style.max_width != 0 && different[i].size() < most_different) {
                different[i].insert(text);
            }
        }
    });
    for (std::size_t i = 0; i < places.size(); ++i) {
        shapes[i].variety = different[i].size();
    }
    return shapes;
}

class RowWriter {
 public:
    RowWriter(const Table& table, const TableStyle& style, const TableLayout& layout, TextOut& out)
        : table_(table), style_(style), layout_(layout), out_(out) {}

    /// `texts` of the columns shown; `places`: where those of the layout stand in the table.
    void write(std::span<const std::string> texts, std::span<const std::size_t> places) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const Column& column = table_.columns[places[layout_.columns[i]]];
            if (layout_.wraps_last && i + 1 == texts.size()) {
                write_wrapped(column, texts[i]);
            } else {
                append_cell(i, column, texts[i]);
            }
        }
        finish_line(out_, line_);
    }

 private:
    void append_cell(std::size_t i, const Column& column, const std::string& text) {
        if (i != 0) {
            line_.append(column_gap, ' ');
        }
        const std::size_t width = layout_.widths[i];
        const bool cut = display_width(text) > width && !column.right;
        std::string cell;
        append_padded(cell, cut ? cut_cell(text, width, style_.ascii) : text, width, column.right);
        line_ += style_.colour ? colour_state(column.key, cell) : cell;
    }

    void write_wrapped(const Column& column, const std::string& text) {
        const std::size_t last = layout_.widths.size() - 1;
        std::size_t indent = 0;
        for (std::size_t i = 0; i < last; ++i) {
            indent += layout_.widths[i] + (i == 0 ? 0 : column_gap);
        }
        const std::vector<std::string> lines = wrap_to_width(text, layout_.widths[last]);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (i > 0) {
                finish_line(out_, line_);
                line_.assign(indent, ' ');
            }
            append_cell(last, column, lines[i]);
        }
    }

    const Table& table_;
    const TableStyle& style_;
    const TableLayout& layout_;
    TextOut& out_;
    std::string line_{};
};

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
    const std::vector<std::size_t> places = shown_places(table);
    if (places.empty()) {
        return;
    }
    const TableLayout layout = lay_out_table(measure(table, places, style), style.max_width);
    RowWriter writer(table, style, layout, out);
    std::vector<std::string> texts;
    for (const std::size_t column : layout.columns) {
        texts.push_back(table.columns[places[column]].heading);
    }
    writer.write(texts, places);
    table.for_each_row([&](std::span<const Cell> row) {
        texts.clear();
        for (const std::size_t column : layout.columns) {
            texts.push_back(cell_text(row[places[column]], style));
        }
        writer.write(texts, places);
    });
    if (layout.left_out > 0) {
        out.append(fmt::format("({} column{} left out; -o csv has all)\n",
                               layout.left_out,
                               layout.left_out == 1 ? "" : "s"));
    }
}

std::string render_table(const Table& table, const TableStyle& style) {
    return collect_text([&](TextOut& out) { write_table(table, style, out); });
}

}  // namespace caretaker
