// SPDX-License-Identifier: Apache-2.0
// Threads over parts of one piece of work.
#include "jobs/cleanup/parallel_parts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace caretaker {
namespace {

TEST(RunParts, DoesEachPartOnce) {
    constexpr std::size_t many = 1000;
    for (const std::size_t workers : {1U, 2U, 8U}) {
        std::vector<int> done(many, 0);
        std::atomic<bool> known = true;
        run_parts(workers, many, [&](std::size_t worker, std::size_t part) {
            ++done[part];
            known = known && worker < workers;
        });
        EXPECT_EQ(done, std::vector<int>(many, 1));
        EXPECT_TRUE(known);
    }
}

TEST(RunParts, DoesNothingWithoutParts) {
    run_parts(4, 0, [](std::size_t, std::size_t) { FAIL(); });
}

TEST(RunParts, HasNoMoreWorkersThanParts) {
    std::atomic<std::size_t> largest = 0;
    run_parts(8, 1, [&](std::size_t worker, std::size_t) { largest = worker; });
    EXPECT_EQ(largest, 0U);
}

TEST(RunParts, TellsWhatAllWorkersTookTogether) {
    std::atomic<int> met = 0;
    const PartsCost cost = run_parts(3, 3, [&](std::size_t, std::size_t) {
        for (++met; met < 3;) {  // all three work at the same time
        }
    });
    EXPECT_GT(cost.wall.count(), 0);
    EXPECT_GT(cost.worked.count(), 0);
    EXPECT_GT(cost.processor.count(), 0);
    EXPECT_LE(cost.worked, 3 * cost.wall);
}

TEST(RunQueueTime, IsTheSecondNumberOfItsFile) {
    EXPECT_EQ(parse_run_queue_time("386054 133418 2\n"), std::chrono::nanoseconds(133'418));
    for (const char* text : {"", "1", "1 ", "1 x", "x 1", "1 -2"}) {
        EXPECT_EQ(parse_run_queue_time(text), std::chrono::nanoseconds(0)) << text;
    }
}

TEST(RunParts, ThrowsWhatAWorkerThrew) {
    for (const std::size_t workers : {1U, 4U}) {
        EXPECT_THROW(run_parts(workers,
                               100,
                               [](std::size_t, std::size_t part) {
                                   if (part == 50) {
                                       throw std::runtime_error("x");
                                   }
                               }),
                     std::runtime_error);
    }
}

}  // namespace
}  // namespace caretaker
