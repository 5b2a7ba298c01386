// SPDX-License-Identifier: Apache-2.0
// A row of numbers as a row of small bars, for one cell of a table.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace caretaker {

/// One character for each value: "▁▂▄█", or "_.:#" in eight steps of ASCII. The lowest bar stands
/// for 0 and below, the highest for the largest value, so that a value that is small beside the
/// others looks small even where none is 0.
std::string format_sparkline(std::span<const double> values, bool ascii);

}  // namespace caretaker
