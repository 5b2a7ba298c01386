// SPDX-License-Identifier: Apache-2.0
// Where batches of deletions end, and how long nothing is deleted after one.
#include "jobs/cleanup/pace_plan.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t mebibyte = std::int64_t{1} << 20U;

using Sizes = std::vector<BatchSize>;

std::size_t end_of(const BatchPace& pace, const Sizes& actions, std::size_t begin = 0) {
    return end_of_batch(pace, begin, actions.size(), [&](std::size_t i) { return actions[i]; });
}

Sizes many(std::size_t actions, BatchSize each) {
    Sizes sizes(actions, each);
    return sizes;
}

TEST(EndOfBatch, IsByWhatOneTransactionCoversWithoutRates) {
    EXPECT_EQ(end_of({}, {}), 0U);
    EXPECT_EQ(end_of({}, many(10, {.entries = 1, .bytes = mebibyte})), 10U);
    EXPECT_EQ(end_of({}, many(1'000, {.entries = 1})), 256U);
    EXPECT_EQ(end_of({}, many(1'000, {.entries = 1}), 900), 1'000U);
    EXPECT_EQ(end_of({}, many(1'000, {.entries = 1'000})), 20U);
    EXPECT_EQ(end_of({}, many(2, {.entries = 50'000})), 1U) << "one at the least";
}

TEST(EndOfBatch, HoldsWhatOneSecondMayDelete) {
    const BatchPace files{{.rate_files = 100}};
    EXPECT_EQ(end_of(files, many(1'000, {.entries = 1})), 100U);
    EXPECT_EQ(end_of(files, many(1'000, {.entries = 30})), 3U) << "a fourth would be too many";
    EXPECT_EQ(end_of(files, many(1'000, {.entries = 101})), 1U) << "one at the least";
}

TEST(EndOfBatch, HoldsWhatOneSecondMayFree) {
    const BatchPace bytes{{.rate_bytes = 10 * mebibyte}};
    EXPECT_EQ(end_of(bytes, many(1'000, {.entries = 1, .bytes = mebibyte})), 10U);
    EXPECT_EQ(end_of(bytes, many(1'000, {.entries = 1, .bytes = 4 * mebibyte})), 2U);
    EXPECT_EQ(end_of(bytes, many(1'000, {.entries = 1, .bytes = 11 * mebibyte})), 1U);
    EXPECT_EQ(end_of(bytes, many(1'000, {.entries = 1, .bytes = 0})), 256U);
}

TEST(EndOfBatch, ComesLaterForMoreWorkers) {
    EXPECT_EQ(end_of({.workers = 2}, many(9'000, {.entries = 1})), 512U);
    EXPECT_EQ(end_of({.workers = 4}, many(9'000, {.entries = 1})), 1'024U);
    EXPECT_EQ(end_of({.workers = 64}, many(9'000, {.entries = 1})), 1'024U);
}

TEST(EndOfBatch, ComesSoonWherePausesAreTaken) {
    const BatchPace gentle{.pauses = true};
    EXPECT_EQ(end_of(gentle, many(1'000, {.entries = 1})), 256U);
    EXPECT_EQ(end_of(gentle, many(1'000, {.entries = 100})), 2U);
    EXPECT_EQ(end_of(gentle, many(1'000, {.entries = 1'000})), 1U);
}

TEST(EndOfBatch, IsByTheRateThatIsReachedFirst) {
    const BatchPace both{{.rate_files = 5, .rate_bytes = 10 * mebibyte}};
    EXPECT_EQ(end_of(both, many(100, {.entries = 1, .bytes = mebibyte})), 5U);
    EXPECT_EQ(end_of(both, many(100, {.entries = 1, .bytes = 5 * mebibyte})), 2U);
}

struct PauseCase {
    const char* what;
    Pace pace;
    BatchSize batch;
    std::chrono::milliseconds took;
    std::chrono::milliseconds pause;
};

TEST(PauseAfter, MakesUpForWhatABatchTookLessThanItsRateAllows) {
    const PauseCase cases[]{
        {"no rates", {}, {.entries = 1'000, .bytes = mebibyte}, 10ms, 0ms},
        {"files", {.rate_files = 100}, {.entries = 100}, 0ms, 1s},
        {"a part of a second", {.rate_files = 100}, {.entries = 25}, 0ms, 250ms},
        {"its own time counts", {.rate_files = 100}, {.entries = 100}, 300ms, 700ms},
        {"slower than the rate", {.rate_files = 100}, {.entries = 100}, 1'001ms, 0ms},
        {"never too short", {.rate_files = 3}, {.entries = 1}, 0ms, 334ms},
        {"bytes", {.rate_bytes = mebibyte}, {.entries = 1, .bytes = 10 * mebibyte}, 0ms, 10s},
        {"nothing freed", {.rate_bytes = mebibyte}, {.entries = 50, .bytes = 0}, 0ms, 0ms},
        {"the slower rate, files",
         {.rate_files = 10, .rate_bytes = mebibyte},
         {.entries = 20, .bytes = mebibyte},
         0ms,
         2s},
        {"the slower rate, bytes",
         {.rate_files = 10, .rate_bytes = mebibyte},
         {.entries = 20, .bytes = 3 * mebibyte},
         500ms,
         2'500ms},
        {"more than a clock can wait for",
         {.rate_bytes = 1},
         {.entries = 1, .bytes = std::int64_t{1} << 62U},
         0ms,
         20 * 24h},
    };
    for (const PauseCase& one : cases) {
        EXPECT_EQ(pause_after({one.pace}, one.batch, one.took).count(), one.pause.count())
            << one.what;
    }
}

TEST(PauseAfter, IsAsLongAsTheBatchWhereTheDiskIsBusy) {
    const PauseCase cases[]{
        {"nothing", {}, {.entries = 1}, 0ms, 0ms},
        {"as long", {}, {.entries = 1}, 300ms, 300ms},
        {"at most a second", {}, {.entries = 1}, 1'001ms, 1s},
        {"its rate asks for more", {.rate_files = 10}, {.entries = 10}, 300ms, 700ms},
        {"its rate asks for less", {.rate_files = 10}, {.entries = 10}, 700ms, 700ms},
    };
    for (const PauseCase& one : cases) {
        EXPECT_EQ(pause_after({one.pace, true}, one.batch, one.took).count(), one.pause.count())
            << one.what;
    }
}

}  // namespace
}  // namespace caretaker
