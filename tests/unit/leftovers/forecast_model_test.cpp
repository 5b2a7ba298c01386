// SPDX-License-Identifier: Apache-2.0
// Days until something is used up: by hand, and where nothing can be said.
#include "jobs/leftovers/forecast_model.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::hours;

std::vector<TrendPoint> points_of(const std::vector<double>& values, hours apart = hours(24)) {
    std::vector<TrendPoint> points;
    for (std::size_t i = 0; i < values.size(); ++i) {
        points.push_back(
            {WallTime(std::chrono::seconds(1'795'345'200) + apart * static_cast<std::int64_t>(i)),
             values[i]});
    }
    return points;
}

TEST(ForecastLine, IsNotMovedByADayThatWasDifferent) {
    const Forecast cast = forecast("free cpus", points_of({50, 48, 47, 20, 43, 41}), 10);
    EXPECT_DOUBLE_EQ(cast.slope_per_day.value(), -1.8);
    EXPECT_DOUBLE_EQ(cast.level.value(), 41);
    EXPECT_NEAR(cast.eta_days.value(), 31 / 1.8, 1e-9);
}

TEST(ForecastLine, IsOverWhereTheThresholdIsReached) {
    EXPECT_EQ(forecast("x", points_of({10, 10, 10, 10, 10}), 10).eta_days, 0);
    EXPECT_EQ(forecast("x", points_of({5, 6, 7, 8, 9}), 10).eta_days, 0) << "though it grows";
}

TEST(ForecastLine, HasNoDayWhereItGrowsOrStays) {
    const Forecast flat = forecast("x", points_of({11, 11, 11, 11, 11}), 10);
    EXPECT_EQ(flat.eta_days, std::nullopt);
    EXPECT_EQ(flat.reason, "growing_or_flat");
    EXPECT_EQ(forecast("x", points_of({11, 12, 13, 14, 15}), 10).reason, "growing_or_flat");
}

TEST(ForecastLine, NeedsFivePointsOverADay) {
    EXPECT_EQ(forecast("x", {}, 1).reason, "too_few_samples");
    EXPECT_EQ(forecast("x", points_of({9, 8, 7, 6}), 1).reason, "too_few_samples");
    EXPECT_EQ(forecast("x", points_of({9, 8, 7, 6, 5}, hours(5)), 1).reason, "too_few_samples");
    EXPECT_TRUE(forecast("x", points_of({9, 8, 7, 6, 5}, hours(6)), 1).eta_days);
}

TEST(ForecastLine, TakesTheLastPointOfAnHourAndNoMoreThanEnough) {
    std::vector<TrendPoint> points = points_of({50, 48, 47, 20, 43, 41});
    TrendPoint early = points.back();
    points.back().at += std::chrono::minutes(10);
    early.value = 1'000;
    points.insert(points.end() - 1, early);
    EXPECT_NEAR(forecast("x", points, 10).level.value(), 41, 0.1);
    std::vector<double> many;
    for (int i = 0; i < 5'000; ++i) {
        many.push_back(10'000 - i);
    }
    EXPECT_NEAR(forecast("x", points_of(many, hours(1)), 0).slope_per_day.value(), -24, 1e-6);
}

}  // namespace
}  // namespace caretaker
