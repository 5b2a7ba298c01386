// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/background_traffic.hpp"

#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

namespace caretaker {
namespace {

using std::chrono::minutes;

/// A sample each `minutes` minutes.
std::optional<SteadyTraffic> watch(int count,
                                   int distance,
                                   const std::function<double(int)>& per_minute) {
    TrafficMemory memory;
    for (int i = 0; i < count; ++i) {
        note_traffic(memory,
                     "/kibana/ads",
                     {.at = WallTime(minutes(i * distance)), .per_minute = per_minute(i)});
    }
    return memory.contains("/kibana/ads") ? find_steady_traffic(memory.at("/kibana/ads"))
                                          : std::nullopt;
}

double twelve(int /*i*/) {
    return 12;
}

TEST(BackgroundTraffic, IsTheSameByDayAndNight) {
    EXPECT_FALSE(watch(23, 60, twelve));
    ASSERT_TRUE(watch(24, 60, twelve));
    EXPECT_EQ(watch(24, 60, twelve)->most, 12);
    const auto uneven = watch(30, 60, [](int i) { return i % 2 == 0 ? 12.0 : 15.0; });
    ASSERT_TRUE(uneven);
    EXPECT_EQ(uneven->least, 12);
    EXPECT_EQ(uneven->most, 15);
}

TEST(BackgroundTraffic, IsNotThatOfPeople) {
    EXPECT_FALSE(watch(30, 60, [](int i) { return i % 24 < 8 ? 12.0 : 16.0; }));
    EXPECT_FALSE(watch(30, 60, [](int i) { return i == 20 ? 0.0 : 12.0; }));
}

TEST(BackgroundTraffic, IsLookedAtOnceAnHourForADay) {
    EXPECT_FALSE(watch(100, 5, twelve));
    EXPECT_TRUE(watch(24 * 12, 5, twelve));
    EXPECT_FALSE(watch(24, 180, twelve));  // nobody looked in between
}

TEST(BackgroundTraffic, IsKeptAsText) {
    TrafficMemory memory;
    note_traffic(memory, "/kibana/\"ads\"", {.at = WallTime(minutes(5)), .per_minute = 12.5});
    EXPECT_EQ(decode_traffic(encode_traffic(memory)), memory);
    for (const char* const wrong : {"[]", R"({"a":1})", R"({"a":[[1]]})", R"({"a":[[-1,2]]})"}) {
        EXPECT_THROW(decode_traffic(wrong), JsonError) << wrong;
    }
}

}  // namespace
}  // namespace caretaker
