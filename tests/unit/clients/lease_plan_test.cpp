// SPDX-License-Identifier: Apache-2.0
// What a lease allows whom, and for how long.
#include "common/clients/lease_plan.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

const WallTime now{std::chrono::seconds{1'767'225'600}};  // 2026-01-01
constexpr SteadyTime steady{std::chrono::hours{1}};

Lease lease_of(const std::string& owner, std::chrono::milliseconds left) {
    return {.lock = "rotate",
            .target = "prod",
            .owner = owner,
            .host = "ops2",
            .pid = 7,
            .started_at = now - 3min,
            .expires_at = now + left};
}

struct DecisionCase {
    std::string name{};
    std::optional<Lease> found{};
    LeaseStep step{};
};

class LeaseDecision : public ::testing::TestWithParam<DecisionCase> {};

TEST_P(LeaseDecision, IsMadeByWhatStandsThereAndTheTime) {
    EXPECT_EQ(decide_lease(GetParam().found, "me", now), GetParam().step);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    LeaseDecision,
    ::testing::Values(
        DecisionCase{"Free", std::nullopt, LeaseStep::create},
        DecisionCase{"Held", lease_of("other", 41s), LeaseStep::wait},
        DecisionCase{"EndsNow", lease_of("other", 0s), LeaseStep::wait},
        DecisionCase{"ExpiredWithinTheMargin", lease_of("other", -9'999ms), LeaseStep::wait},
        DecisionCase{"ExpiredByTheMargin", lease_of("other", -10s), LeaseStep::wait},
        DecisionCase{"ExpiredBeyondTheMargin", lease_of("other", -10'001ms), LeaseStep::take_over},
        DecisionCase{"ExpiredLongAgo", lease_of("other", -24h), LeaseStep::take_over},
        DecisionCase{"Ours", lease_of("me", 41s), LeaseStep::keep},
        DecisionCase{"OursAndExpired", lease_of("me", -24h), LeaseStep::keep},
        DecisionCase{"WrittenByAClockThatIsAhead", lease_of("other", 3h), LeaseStep::wait},
        DecisionCase{
            "WrittenByAClockThatIsALittleBehind", lease_of("other", 60s - 65s), LeaseStep::wait}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(LeaseRenewal, GoesOnUnlessAnotherRunHasTheLease) {
    EXPECT_EQ(decide_renewal(lease_of("me", -1h), "me"), RenewalStep::write);
    EXPECT_EQ(decide_renewal(std::nullopt, "me"), RenewalStep::create);
    EXPECT_EQ(decide_renewal(lease_of("other", 60s), "me"), RenewalStep::end);
    EXPECT_EQ(decide_renewal(lease_of("other", -1h), "me"), RenewalStep::end);
}

TEST(LeaseTermTest, EndsByTheClockThatLeavesLess) {
    const LeaseTerm term = begin_lease_term(now, steady, 60s);
    EXPECT_EQ(remaining_lease(term, now, steady), 60s);
    EXPECT_EQ(remaining_lease(term, now + 20s, steady + 20s), 40s);
    EXPECT_EQ(remaining_lease(term, now - 1h, steady + 20s), 40s) << "the wall clock was set back";
    EXPECT_EQ(remaining_lease(term, now + 50s, steady + 20s), 10s) << "the machine has slept";
    EXPECT_EQ(remaining_lease(term, now + 61s, steady + 61s), 0s);
}

TEST(LeaseTimesTest, LetARequestOfTheUsualTimeOutBeginAtAnyMoment) {
    const LeaseTimes times = plan_lease_times(60s);
    EXPECT_EQ(times.renew_every, 20s);
    EXPECT_EQ(times.retry_every, 5s);
    EXPECT_EQ(times.request, 5s);
    EXPECT_LE(least_lease_ttl(30s), 60s);
    for (const std::chrono::milliseconds timeout : {1ms, 999ms, 30'000ms, 3'600'000ms}) {
        const auto ttl = least_lease_ttl(timeout);
        EXPECT_GT(ttl - plan_lease_times(ttl).renew_every, timeout);
    }
}

TEST(LeaseId, IsLockAndTargetAndNotTooLong) {
    EXPECT_EQ(lease_id("rotate", "prod"), "rotate@prod");
    const std::string one = lease_id(std::string(600, 'a'), "x");
    const std::string other = lease_id(std::string(600, 'a'), "y");
    EXPECT_EQ(one.size(), 256U);
    EXPECT_NE(one, other);
}

TEST(LeaseHolder, IsNamedWithHostRunAndAge) {
    EXPECT_EQ(describe_lease_holder(lease_of("0198-aa", 41'900ms), now, 60s),
              R"({"run":"0198-aa","host":"ops2","task_id":null,"pid":7,)"
              R"("started_at":"2025-12-31T23:57:00.000Z"} for 3 min, its lease ends in 41.9 s)");
    EXPECT_NE(describe_lease_holder(lease_of("a", -5s), now, 60s).find("its lease ended 5.0 s ago"),
              std::string::npos);
}

TEST(LeaseHolder, WithAClockThatIsAheadIsTold) {
    EXPECT_NE(
        describe_lease_holder(lease_of("a", 71s), now, 60s).find("the clock of ops2 is ahead"),
        std::string::npos);
    EXPECT_EQ(describe_lease_holder(lease_of("a", 69s), now, 60s).find("ahead"), std::string::npos);
}

}  // namespace
}  // namespace caretaker
