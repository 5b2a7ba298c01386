// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/forecast_model.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ratio>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t least_points = 5;
constexpr std::size_t most_points = 500;
constexpr double least_days = 1;

struct Point {
    double day = 0;
    double value = 0;
};

/// One an hour, in days since the first.
std::vector<Point> thin(const std::vector<TrendPoint>& points) {
    using Days = std::chrono::duration<double, std::ratio<86'400>>;
    std::vector<TrendPoint> hourly;
    for (const TrendPoint& point : points) {
        const auto hour = std::chrono::floor<std::chrono::hours>(point.at);
        if (!hourly.empty() && std::chrono::floor<std::chrono::hours>(hourly.back().at) == hour) {
            hourly.back() = point;
        } else {
            hourly.push_back(point);
        }
    }
    std::vector<Point> kept;
    const std::size_t count = std::min(hourly.size(), most_points);
    for (std::size_t i = 0; i < count; ++i) {
        // The first and the last stay.
        const std::size_t index = count < 2 ? i : i * (hourly.size() - 1) / (count - 1);
        kept.push_back({Days(hourly[index].at - hourly.front().at).count(), hourly[index].value});
    }
    return kept;
}

/// Of an even number the mean of the two in the middle.
double median(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

Forecast forecast(std::string series, const std::vector<TrendPoint>& points, double threshold) {
    Forecast result{.series = std::move(series), .threshold = threshold};
    const std::vector<Point> kept = thin(points);
    if (kept.size() < least_points || kept.back().day < least_days) {
        result.reason = "too_few_samples";
        return result;
    }
    std::vector<double> slopes;
    slopes.reserve(kept.size() * (kept.size() - 1) / 2);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        for (std::size_t j = i + 1; j < kept.size(); ++j) {
            slopes.push_back((kept[j].value - kept[i].value) / (kept[j].day - kept[i].day));
        }
    }
    const double slope = median(std::move(slopes));
    std::vector<double> starts;
    starts.reserve(kept.size());
    for (const Point& point : kept) {
        starts.push_back(point.value - slope * point.day);
    }
    const double level = median(std::move(starts)) + slope * kept.back().day;
    result.slope_per_day = slope;
    result.level = level;
    if (level <= threshold) {
        result.eta_days = 0;
    } else if (slope < 0) {
        result.eta_days = (level - threshold) / -slope;
    } else {
        result.reason = "growing_or_flat";
    }
    return result;
}

}  // namespace caretaker
