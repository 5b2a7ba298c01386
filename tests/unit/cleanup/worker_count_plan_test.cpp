// SPDX-License-Identifier: Apache-2.0
// How many workers delete, by what the last deletions took.
#include "jobs/cleanup/worker_count_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

/// A stretch of work of so many workers that worked all the time, for `busy` of it on a processor.
WorkDone work(std::size_t entries, std::chrono::nanoseconds wall, double workers, double busy) {
    const std::chrono::duration<double, std::nano> worked = wall * workers;
    return {.entries = entries,
            .wall = wall,
            .worked = std::chrono::duration_cast<std::chrono::nanoseconds>(worked),
            .processor = std::chrono::duration_cast<std::chrono::nanoseconds>(worked * busy)};
}

struct LearnStep {
    const char* what;
    WorkDone done;
    std::size_t workers;  // afterwards
};

void expect_learned(std::size_t most, std::initializer_list<LearnStep> steps) {
    WorkerCount count(most);
    for (const LearnStep& step : steps) {
        count.learn(step.done);
        EXPECT_EQ(count.now(), step.workers) << step.what;
    }
}

TEST(WorkerCount, StaysAtOneWhereTheProcessorIsTheLimit) {
    WorkerCount count(8);
    for (int i = 0; i < 1'000; ++i) {
        count.learn(work(50'000, 500ms, 1, 0.5));
        EXPECT_EQ(count.now(), 1U) << "half of the time is enough";
    }
}

TEST(WorkerCount, DoublesWhileTheyWaitAndGain) {
    expect_learned(8,
                   {{"waits", work(100, 100ms, 1, 0.49), 2},
                    {"gains", work(190, 100ms, 2, 0.4), 4},
                    {"gains again", work(350, 100ms, 4, 0.2), 8},
                    {"is the most", work(600, 100ms, 8, 0.1), 8},
                    {"stays the most", work(600, 100ms, 8, 0.1), 8}});
}

TEST(WorkerCount, GoesBackWhereItGainedLittle) {
    expect_learned(8,
                   {{"waits", work(1'000, 100ms, 1, 0.1), 2},
                    {"less than a fifth more", work(1'199, 100ms, 2, 0.1), 1},
                    {"is not tried at once", work(1'000, 100ms, 1, 0.1), 1}});
    expect_learned(8,
                   {{"waits", work(1'000, 100ms, 1, 0.1), 2},
                    {"a fifth more", work(1'200, 100ms, 2, 0.1), 4}});
}

TEST(WorkerCount, TriesAgainEachTimeLater) {
    WorkerCount count(8);
    const auto tried_after = [&] {
        std::chrono::seconds waited{0};
        for (; count.now() == 1; ++waited) {
            count.learn(work(100, 1s, 1, 0.1));
        }
        count.learn(work(100, 1s, 2, 0.1));
        EXPECT_EQ(count.now(), 1U) << "nothing was gained";
        return waited;
    };
    EXPECT_EQ(tried_after(), 1s);
    EXPECT_EQ(tried_after(), 2s);
    EXPECT_EQ(tried_after(), 4s);
    EXPECT_EQ(tried_after(), 8s);
}

TEST(WorkerCount, LearnsNothingFromWorkersThatHadNothingToDo) {
    expect_learned(8,
                   {{"one directory alone", work(100, 100ms, 1, 0.1), 2},
                    {"no second part to do", work(100, 100ms, 1, 0.1), 2},
                    {"nor here", work(100, 100ms, 1.1, 0.1), 2},
                    {"two at last, which gain", work(200, 100ms, 2, 0.1), 4},
                    {"three parts for four gain", work(300, 100ms, 3.1, 0.1), 8},
                    {"but not more than there is to do", work(300, 100ms, 3, 0.1), 8}});
    expect_learned(8,
                   {{"waits", work(100, 100ms, 1, 0.1), 2},
                    {"waits", work(200, 100ms, 2, 0.1), 4},
                    {"gains", work(400, 100ms, 4, 0.1), 8},
                    {"is not blamed for parts that lack", work(400, 100ms, 4, 0.1), 8}});
}

TEST(WorkerCount, StartsNoneWhereThoseThatAreThereLackWork) {
    expect_learned(64,
                   {{"waits", work(100, 100ms, 1, 0.1), 2},
                    {"gains", work(200, 100ms, 2, 0.1), 4},
                    {"gains enough", work(250, 100ms, 3.1, 0.1), 8},
                    {"three of eight", work(350, 100ms, 4.6, 0.1), 8},
                    {"five of eight", work(350, 100ms, 5, 0.1), 8},
                    {"six of eight", work(500, 100ms, 6.1, 0.1), 16}});
}

TEST(WorkerCount, GoesByWhatEachWorkerDoes) {
    expect_learned(8,
                   {{"waits", work(100, 100ms, 1, 0.1), 2},
                    {"each works half of the time", work(200, 100ms, 2, 0.5), 2},
                    {"which is as it is", work(200, 100ms, 2, 0.7), 2},
                    {"they only work", work(200, 100ms, 2, 0.81), 1}});
    expect_learned(8,
                   {{"waits", work(100, 100ms, 1, 0.1), 2},
                    {"ends at once", work(1'000, 100ms, 2, 0.9), 1},
                    {"works", work(1'000, 100ms, 1, 0.9), 1}});
}

TEST(WorkerCount, JudgesATenthOfASecondAtOnce) {
    expect_learned(8,
                   {{"40 ms", work(10, 40ms, 1, 0.1), 1},
                    {"80 ms", work(10, 40ms, 1, 0.1), 1},
                    {"100 ms", work(10, 20ms, 1, 0.1), 2}});
    expect_learned(8,
                   {{"few entries tell little", work(15, 10s, 1, 0.1), 1},
                    {"one more", work(1, 1ms, 1, 0.1), 2}});
}

TEST(WorkerCount, NeverLeavesOneWhereThatIsTheMost) {
    WorkerCount count(1);
    count.learn(work(100, 1s, 1, 0));
    EXPECT_EQ(count.now(), 1U);
}

TEST(WorkerCount, IsJudgedOftenOnlyWhereItMayChange) {
    WorkerCount count(2);
    EXPECT_EQ(count.until_judged(), 100ms);
    count.learn(work(100, 100ms, 1, 0.1));
    EXPECT_EQ(count.until_judged(), 100ms) << "two are tried";
    count.learn(work(200, 100ms, 2, 0.1));
    EXPECT_EQ(count.until_judged(), 1s) << "there are no more";
    WorkerCount alone(8);
    alone.learn(work(100, 100ms, 1, 0.1));
    alone.learn(work(100, 100ms, 2, 0.1));
    EXPECT_EQ(alone.until_judged(), 1s) << "more were tried in vain";
}

struct Disk {
    const char* what;
    std::chrono::microseconds waits;  // of each deletion
    std::chrono::microseconds works;
    std::size_t side_by_side;  // so many deletions at most wait at the same time
    std::size_t files;
    std::size_t directories;
    std::size_t workers;  // at the end
};

/// How many workers there are in the end, by a model of a disk.
std::size_t workers_after(const Disk& disk) {
    WorkerCount count(8);
    const double one = std::chrono::duration<double>(disk.waits + disk.works).count();
    const double busy = std::chrono::duration<double>(disk.works).count() / one;
    for (double left = static_cast<double>(disk.files); left > 0;) {
        const double workers = static_cast<double>(std::min(count.now(), disk.directories));
        const double rate = std::min(workers, static_cast<double>(disk.side_by_side)) / one;
        const double wall =
            std::min(std::chrono::duration<double>(count.until_judged()).count(), left / rate);
        const double entries = std::ceil(rate * wall);
        const std::chrono::duration<double> seconds(wall);
        count.learn(work(static_cast<std::size_t>(entries),
                         std::chrono::duration_cast<std::chrono::nanoseconds>(seconds),
                         workers,
                         busy));
        left -= entries;
    }
    return count.now();
}

TEST(WorkerCount, FitsTheDisk) {
    const Disk disks[]{
        {"5 ms each", 5ms, 50us, 64, 2'000, 40, 8},
        {"a small plan", 5ms, 50us, 64, 200, 40, 8},
        {"a millisecond each", 1ms, 20us, 64, 2'000, 40, 8},
        {"half a millisecond", 500us, 20us, 64, 5'000, 100, 8},
        {"one at a time", 5ms, 50us, 1, 2'000, 40, 1},
        {"four at a time", 5ms, 50us, 4, 2'000, 40, 4},
        {"in memory", 0us, 8us, 64, 100'000, 100, 1},
        {"nearly", 8us, 8us, 64, 100'000, 100, 1},
        {"one directory", 5ms, 50us, 64, 2'000, 1, 2},
    };
    for (const Disk& disk : disks) {
        EXPECT_EQ(workers_after(disk), disk.workers) << disk.what;
    }
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
