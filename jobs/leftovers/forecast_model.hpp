// SPDX-License-Identifier: Apache-2.0
// When something will be used up, from how it went so far. Pure.
#pragma once

#include "common/base/wall_time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// A value at a time.
struct TrendPoint {
    WallTime at{};
    double value = 0;
};

struct Forecast {
    std::string series{};  // "free cpus"
    std::optional<double> slope_per_day{};
    std::optional<double> level{};  // now, on the line
    double threshold = 0;
    std::optional<double> eta_days{};  // until the threshold
    std::string reason{};              // why there is no such day
};

/// The line of Theil and Sen, so that a few odd points move nothing: the middle of all slopes
/// between two points. Of each hour the last point counts, at most 500 evenly. At least five over a
/// day are needed. Points are in rising order of time.
Forecast forecast(std::string series, const std::vector<TrendPoint>& points, double threshold);

}  // namespace caretaker
