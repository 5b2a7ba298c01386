// SPDX-License-Identifier: Apache-2.0
// When a transfer stands still.
#include "common/http/curl_stall_watch.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr StallMeter::Time start{std::chrono::hours(1)};

TEST(StallMeter, FindsSilenceOfTheWholeTime) {
    StallMeter meter(seconds(20));
    EXPECT_FALSE(meter.is_stalled(100, start));
    EXPECT_FALSE(meter.is_stalled(100, start + milliseconds(19'999)));
    EXPECT_TRUE(meter.is_stalled(100, start + seconds(20)));
}

TEST(StallMeter, FindsADripBelowOneByteASecond) {
    StallMeter drip(seconds(20));
    EXPECT_FALSE(drip.is_stalled(0, start));
    for (unsigned i = 1; i < 4; ++i) {
        EXPECT_FALSE(drip.is_stalled(i, start + seconds(5 * i)));
    }
    EXPECT_TRUE(drip.is_stalled(4, start + seconds(20)));
    StallMeter slow(seconds(20));
    for (unsigned i = 0; i < 100; ++i) {
        EXPECT_FALSE(slow.is_stalled(i, start + seconds(i))) << i;
    }
}

TEST(StallMeter, BeginsAnewWhenTold) {
    StallMeter meter(seconds(20));
    EXPECT_FALSE(meter.is_stalled(0, start));
    meter.restart();
    EXPECT_FALSE(meter.is_stalled(0, start + seconds(60)));
    EXPECT_TRUE(meter.is_stalled(0, start + seconds(80)));
}

}  // namespace
}  // namespace caretaker
