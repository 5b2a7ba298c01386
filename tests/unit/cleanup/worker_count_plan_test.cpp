// SPDX-License-Identifier: Apache-2.0
// How many workers delete, by what the last deletions took.
#include "jobs/cleanup/worker_count_plan.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

TEST(WorkerCount, StaysAtOneWhereTheProcessorIsTheLimit) {
    WorkerCount count(8);
    for (int i = 0; i < 10; ++i) {
        count.learn(50'000, 500ms, 250ms);
        EXPECT_EQ(count.now(), 1U) << "half of the time is enough";
    }
}

TEST(WorkerCount, DoublesWhileTheyWaitAndGain) {
    WorkerCount count(8);
    count.learn(1'000, 500ms, 249ms);
    EXPECT_EQ(count.now(), 2U);
    count.learn(1'900, 500ms, 400ms);
    EXPECT_EQ(count.now(), 4U);
    count.learn(3'500, 500ms, 400ms);
    EXPECT_EQ(count.now(), 8U);
    count.learn(6'000, 500ms, 400ms);
    count.learn(6'000, 500ms, 400ms);
    EXPECT_EQ(count.now(), 8U) << "never more than the most";
}

TEST(WorkerCount, GoesBackForGoodWhereItGainedLittle) {
    WorkerCount count(8);
    count.learn(1'000, 500ms, 50ms);
    EXPECT_EQ(count.now(), 2U);
    count.learn(1'199, 500ms, 50ms);
    EXPECT_EQ(count.now(), 1U);
    count.learn(1'000, 500ms, 50ms);
    EXPECT_EQ(count.now(), 1U);
}

TEST(WorkerCount, KeepsWhatGainedAFifth) {
    WorkerCount count(8);
    count.learn(1'000, 500ms, 50ms);
    count.learn(1'200, 500ms, 50ms);
    EXPECT_EQ(count.now(), 4U);
}

TEST(WorkerCount, JudgesHalfASecondAtOnce) {
    WorkerCount count(8);
    for (int i = 0; i < 4; ++i) {
        count.learn(10, 100ms, 1ms);
        EXPECT_EQ(count.now(), 1U);
    }
    count.learn(10, 100ms, 1ms);
    EXPECT_EQ(count.now(), 2U);
}

TEST(WorkerCount, NeverLeavesOneWhereThatIsTheMost) {
    WorkerCount count(1);
    count.learn(10, 1s, 0ms);
    EXPECT_EQ(count.now(), 1U);
}

struct PressureCase {
    const char* share;
    std::size_t most;
    BearableLoad load;
};

TEST(BearableLoad, IsLessWhereOthersWaitForTheDisk) {
    const PressureCase cases[]{
        {"0.00", 8, {.workers = 8, .pauses = false}},
        {"20.00", 8, {.workers = 8, .pauses = false}},
        {"20.01", 8, {.workers = 4, .pauses = false}},
        {"50.00", 8, {.workers = 4, .pauses = false}},
        {"50.01", 8, {.workers = 1, .pauses = true}},
        {"100.00", 8, {.workers = 1, .pauses = true}},
        {"30.00", 1, {.workers = 1, .pauses = false}},
        {"60.00", 1, {.workers = 1, .pauses = true}},
    };
    for (const PressureCase& one : cases) {
        const std::string pressure =
            std::string("some avg10=") + one.share + " avg60=0.00 avg300=0.00 total=1\n";
        EXPECT_EQ(bearable_load(one.most, pressure), one.load) << one.share << " of " << one.most;
    }
}

TEST(BearableLoad, IsAllWhereNothingIsKnown) {
    EXPECT_EQ(bearable_load(8, ""), (BearableLoad{.workers = 8, .pauses = false}));
    EXPECT_EQ(bearable_load(8, "some avg10=101"), (BearableLoad{.workers = 8, .pauses = false}));
}

TEST(ParseIoPressure, FindsNoneInOtherTexts) {
    EXPECT_EQ(parse_io_pressure("some avg10=1.50 avg60=2"), 1.5);
    for (const char* text : {"",
                             "full avg10=1.5",
                             "some avg10=",
                             "some avg10=x",
                             "some avg10=-1",
                             "some avg10=101",
                             "some avg10=nan"}) {
        EXPECT_EQ(parse_io_pressure(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace caretaker
