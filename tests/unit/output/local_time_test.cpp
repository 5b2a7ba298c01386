// SPDX-License-Identifier: Apache-2.0
#include "common/output/local_time.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>

namespace caretaker {
namespace {

/// TZ in the POSIX form, which needs no file of time zones.
class LocalTime : public ::testing::Test {
 protected:
    static std::string in_zone(const char* zone, long long milliseconds) {
        ::setenv("TZ", zone, 1);
        ::tzset();
        return format_local_time(WallTime{std::chrono::milliseconds{milliseconds}});
    }

    void TearDown() override {
        ::unsetenv("TZ");
        ::tzset();
    }
};

TEST_F(LocalTime, CarriesItsOffset) {
    EXPECT_EQ(in_zone("CET-1", 1'777'777'777'123), "2026-05-03T04:09:37+01:00");
    EXPECT_EQ(in_zone("NST3:30", 1'777'777'777'123), "2026-05-02T23:39:37-03:30");
    EXPECT_EQ(in_zone("UTC0", 1'777'777'777'999), "2026-05-03T03:09:37+00:00");
}

TEST_F(LocalTime, FollowsDaylightSaving) {
    const char* berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
    EXPECT_EQ(in_zone(berlin, 1'777'777'777'123), "2026-05-03T05:09:37+02:00");
    EXPECT_EQ(in_zone(berlin, 1'767'225'600'000), "2026-01-01T01:00:00+01:00");
}

TEST_F(LocalTime, ReachesBeforeTheEpoch) {
    EXPECT_EQ(in_zone("UTC0", -1), "1969-12-31T23:59:59+00:00");
}

}  // namespace
}  // namespace caretaker
