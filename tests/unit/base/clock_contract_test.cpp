// SPDX-License-Identifier: Apache-2.0
// What both the system's clock and the tests' clock promise.
#include "common/base/clock.hpp"
#include "common/base/stop_signal.hpp"
#include "tests/support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

template <typename ClockUnderTest>
class ClockContract : public ::testing::Test {
 protected:
    ClockUnderTest clock_;
    StopSignal stop_;
};

using Clocks = ::testing::Types<SystemClock, FakeClock>;
TYPED_TEST_SUITE(ClockContract, Clocks);

TYPED_TEST(ClockContract, WaitsForTheWholeTime) {
    const SteadyTime before = this->clock_.steady();
    EXPECT_TRUE(this->clock_.wait(milliseconds(15), this->stop_));
    EXPECT_GE(this->clock_.steady() - before, milliseconds(15));
}

TYPED_TEST(ClockContract, WaitsNotAtAllForNothing) {
    EXPECT_TRUE(this->clock_.wait(milliseconds(0), this->stop_));
}

TYPED_TEST(ClockContract, DoesNotWaitOnceAStopWasRequested) {
    this->stop_.request(SIGTERM);
    // An hour would end the test program's patience.
    EXPECT_FALSE(this->clock_.wait(std::chrono::hours(1), this->stop_));
    EXPECT_FALSE(this->clock_.wait(milliseconds(0), this->stop_));
}

TYPED_TEST(ClockContract, NeverRunsBackwards) {
    SteadyTime before = this->clock_.steady();
    for (int i = 0; i < 1'000; ++i) {
        const SteadyTime now = this->clock_.steady();
        EXPECT_GE(now, before);
        before = now;
    }
}

}  // namespace
}  // namespace caretaker
