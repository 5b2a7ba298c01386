// SPDX-License-Identifier: Apache-2.0
// How much of the build cache goes, and which logs are emptied.
#include "jobs/cleanup/docker_space_plan.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

constexpr DockerTime now{std::chrono::seconds(1'700'000'000)};

DockerCacheRecord record(std::uint64_t size, std::chrono::seconds unused) {
    return {.size = size, .last_used = now - unused};
}

/// Of the one removal; 0: none.
std::uint64_t bytes_of(const std::vector<DockerCacheRecord>& records, std::uint64_t keep = 0) {
    const DockerPlan plan = plan_build_cache(records, {.unused_for = 1h, .keep = keep}, now);
    return plan.removals.empty() ? 0 : plan.removals.front().bytes;
}

TEST(BuildCachePlan, IsAboutWhatWasNotUsedForLonger) {
    EXPECT_EQ(bytes_of({record(10, 1h + 1s), record(20, 1h), record(40, 0s)}), 10U);
    EXPECT_EQ(bytes_of({record(20, 1h)}), 0U);
    EXPECT_EQ(bytes_of({}), 0U);
}

TEST(BuildCachePlan, LeavesWhatIsUsedSharedOrOfAnUnknownTime) {
    DockerCacheRecord used = record(10, 2h);
    used.in_use = true;
    DockerCacheRecord shared = record(20, 2h);
    shared.shared = true;
    const DockerCacheRecord unknown{.size = 40, .last_used = DockerTime::max()};
    EXPECT_EQ(bytes_of({used, shared, unknown, record(80, -1h)}), 0U);
    EXPECT_EQ(bytes_of({used, shared, unknown, record(80, 2h)}), 80U);
}

TEST(BuildCachePlan, LetsTheCacheHaveWhatIsKept) {
    const std::vector<DockerCacheRecord> records{record(100, 2h), record(50, 0s)};
    EXPECT_EQ(bytes_of(records, 0), 100U);
    EXPECT_EQ(bytes_of(records, 120), 30U);
    EXPECT_EQ(bytes_of(records, 149), 1U);
    EXPECT_EQ(bytes_of(records, 150), 0U);
    EXPECT_EQ(bytes_of(records, 1000), 0U);
}

TEST(LogPlan, TakesWhatIsLargerAndCanBeEmptied) {
    const std::vector<ContainerLog> logs{
        {.container = "a", .path = "/a", .size = 101, .allocated = 4096, .all_append = true},
        {.container = "b", .path = "/b", .size = 100, .all_append = true},
        {.container = "c", .path = "/c", .size = 500, .all_append = false}};
    const DockerPlan plan = plan_logs(logs, {.truncate_over = 100});
    ASSERT_EQ(plan.removals.size(), 1U);
    EXPECT_EQ(plan.removals[0].id, "/a");
    EXPECT_EQ(plan.removals[0].bytes, 4096U);
    EXPECT_EQ(plan.universe, 3);
}

TEST(LogPlan, KnowsWhichGrowWithoutLimit) {
    constexpr std::uint64_t gib = std::uint64_t{1} << 30U;
    EXPECT_FALSE(grows_without_limit({.size = gib}));
    EXPECT_TRUE(grows_without_limit({.size = gib + 1}));
    EXPECT_FALSE(grows_without_limit({.size = 2 * gib, .is_limited = true}));
}

}  // namespace
}  // namespace caretaker
