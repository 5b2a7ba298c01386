// SPDX-License-Identifier: Apache-2.0
#include "common/output/table_layout.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

namespace caretaker {

namespace {

constexpr std::size_t narrowest_text = 12;  // cut below that, names look alike
constexpr std::size_t narrowest_name = 24;  // of the column that names the row
constexpr std::size_t narrowest_last = 28;  // of a text that wraps
constexpr std::size_t narrowest_ever = 6;

class Fitting {
 public:
    Fitting(std::span<const ColumnShape> columns, std::size_t max_width)
        : shapes_(columns), max_width_(max_width) {
        layout_.columns.resize(columns.size());
        std::iota(layout_.columns.begin(), layout_.columns.end(), std::size_t{0});
        for (const ColumnShape& shape : columns) {
            layout_.widths.push_back(shape.width);
        }
    }

    TableLayout fit() {
        if (max_width_ == 0) {
            return layout_;
        }
        leave_out([this](std::size_t i) { return i > 0 && shape(i).blank; });
        wrap_last();
        cut_texts(1, narrowest_text);
        leave_out([this](std::size_t i) { return i > 1 && !shape(i).state && !is_wrapped(i); });
        leave_out([this](std::size_t i) { return i > 1 && !is_wrapped(i); });
        cut_texts(0, narrowest_name);
        cut_texts(0, narrowest_ever);
        return layout_;
    }

 private:
    [[nodiscard]] const ColumnShape& shape(std::size_t i) const {
        return shapes_[layout_.columns[i]];
    }

    [[nodiscard]] bool is_wrapped(std::size_t i) const {
        return layout_.wraps_last && i + 1 == layout_.columns.size();
    }

    [[nodiscard]] std::size_t total() const {
        return std::accumulate(layout_.widths.begin(), layout_.widths.end(), std::size_t{0}) +
               column_gap * (std::max<std::size_t>(layout_.widths.size(), 1) - 1);
    }

    [[nodiscard]] std::size_t excess() const {
        return total() > max_width_ ? total() - max_width_ : 0;
    }

    /// Those that tell the rows apart least, from the right, while the line is too long.
    void leave_out(const std::function<bool(std::size_t)>& may_go) {
        while (excess() > 0) {
            std::optional<std::size_t> least;
            for (std::size_t i = layout_.columns.size(); i-- > 0;) {
                if (may_go(i) && (!least || shape(i).variety < shape(*least).variety)) {
                    least = i;
                }
            }
            if (!least) {
                return;
            }
            const auto place = static_cast<std::ptrdiff_t>(*least);
            layout_.columns.erase(layout_.columns.begin() + place);
            layout_.widths.erase(layout_.widths.begin() + place);
            ++layout_.left_out;
            widen_last();
        }
    }

    void wrap_last() {
        const std::size_t last = layout_.columns.size() - 1;
        if (excess() > 0 && last > 0 && !shape(last).whole &&
            layout_.widths[last] > narrowest_last) {
            layout_.wraps_last = true;
            widen_last();
        }
    }

    /// A text at the end takes what there is.
    void widen_last() {
        if (!layout_.wraps_last) {
            return;
        }
        std::size_t& width = layout_.widths.back();
        const std::size_t others = total() - width;
        const std::size_t room = max_width_ > others ? max_width_ - others : 0;
        width = std::clamp(room, narrowest_last, shape(layout_.columns.size() - 1).width);
    }

    /// Takes from the widest text, again and again; from column `first` on.
    void cut_texts(std::size_t first, std::size_t narrowest) {
        while (excess() > 0) {
            std::optional<std::size_t> widest;
            for (std::size_t i = first; i < layout_.columns.size(); ++i) {
                const bool may_be_cut = !shape(i).whole && layout_.widths[i] > narrowest &&
                                        (!is_wrapped(i) || narrowest == narrowest_ever);
                if (may_be_cut && (!widest || layout_.widths[i] > layout_.widths[*widest])) {
                    widest = i;
                }
            }
            if (!widest) {
                return;
            }
            --layout_.widths[*widest];
        }
    }

    std::span<const ColumnShape> shapes_;
    std::size_t max_width_;
    TableLayout layout_{};
};

}  // namespace

TableLayout lay_out_table(std::span<const ColumnShape> columns, std::size_t max_width) {
    return columns.empty() ? TableLayout{} : Fitting(columns, max_width).fit();
}

}  // namespace caretaker
