// SPDX-License-Identifier: Apache-2.0
#include "common/text/sparkline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 8> bars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> ascii_bars{"_", ".", ":", "-", "=", "+", "*", "#"};

}  // namespace

std::string format_sparkline(std::span<const double> values, bool ascii) {
    const auto& steps = ascii ? ascii_bars : bars;
    const auto largest = std::ranges::max_element(values);
    std::string line;
    for (const double value : values) {
        std::size_t step = 0;
        if (value > 0) {  // every number above 0 is told from it
            const double share = value / *largest * static_cast<double>(steps.size() - 1);
            step = static_cast<std::size_t>(std::max(1.0, std::round(share)));
        }
        line += steps.at(std::min(step, steps.size() - 1));
    }
    return line;
}

}  // namespace caretaker
