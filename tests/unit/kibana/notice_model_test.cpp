// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/notice_model.hpp"

#include "jobs/kibana/kibana_event.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace caretaker {
namespace {

const WallTime since{std::chrono::hours(100)};

KibanaDecision decided(KibanaVerdict verdict, KibanaStep step) {
    return {.verdict = verdict, .step = step, .quiet_since = since};
}

TEST(NoticeModel, IsTrueAsLongAsTheSameIsToBeTold) {
    const auto told = decided(KibanaVerdict::idle, KibanaStep::notify);
    EXPECT_TRUE(is_still_true(event_kind::notice, since, told));
    EXPECT_FALSE(is_still_true(event_kind::destroy_notice, since, told));
    const auto told_of_end = decided(KibanaVerdict::suspended, KibanaStep::notify_destroy);
    EXPECT_TRUE(is_still_true(event_kind::destroy_notice, since, told_of_end));
    EXPECT_FALSE(is_still_true(event_kind::notice, since, told_of_end));
}

TEST(NoticeModel, IsNotTrueAfterUseOrWhereNobodyKnows) {
    for (const KibanaVerdict verdict :
         {KibanaVerdict::active, KibanaVerdict::unknown, KibanaVerdict::protected_from_us}) {
        EXPECT_FALSE(is_still_true(event_kind::notice, since, decided(verdict, KibanaStep::none)));
    }
    EXPECT_FALSE(is_still_true(event_kind::notice, since, {}));  // its app is gone
}

TEST(NoticeModel, IsNotTrueOfALaterIdleSpell) {
    const auto told = decided(KibanaVerdict::idle, KibanaStep::notify);
    EXPECT_FALSE(is_still_true(event_kind::notice, since - std::chrono::milliseconds(1), told));
    EXPECT_FALSE(is_still_true(event_kind::notice, std::nullopt, told));
}

TEST(NoticeModel, LeavesWhatTellsOfThingsDone) {
    for (const auto kind : {event_kind::suspended, event_kind::resumed, event_kind::brake}) {
        EXPECT_TRUE(is_still_true(kind, std::nullopt, {}));
    }
}

}  // namespace
}  // namespace caretaker
