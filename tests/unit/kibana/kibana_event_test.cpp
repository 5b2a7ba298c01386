// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_event.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace caretaker {
namespace {

using std::chrono::hours;

constexpr WallTime noon{hours(500'004)};

KibanaEvent notice() {
    return {.id = "e1",
            .kind = std::string(event_kind::notice),
            .at = noon,
            .app = "/kibana/ads",
            .labels = {{"team", "ads"}},
            .verdict = "idle",
            .reason = "not used for 16 d",
            .idle_since = noon - hours(24 * 16),
            .deadline = noon + hours(48),
            .evidence = KibanaEvidence{.last_use = noon - hours(24 * 16),
                                       .seen_by = "access_log",
                                       .watched_percent = 99,
                                       .idle_after = hours(24 * 14)},
            .run = "r1"};
}

TEST(KibanaEvent, HasASentenceAndWhatItStandsOn) {
    EXPECT_EQ(
        format_kibana_event(notice()),
        R"({"id":"e1","kind":"kibana.notice","at":"2027-01-15T12:00:00.000Z",)"
        R"("text":"Kibana /kibana/ads will be suspended at 2027-01-17T12:00:00.000Z unless )"
        R"(somebody uses it: not used for 16 d. Opening it is enough to keep it.",)"
        R"("app":"/kibana/ads","labels":{"team":"ads"},"verdict":"idle",)"
        R"("reason":"not used for 16 d","idle_since":"2026-12-30T12:00:00.000Z",)"
        R"("deadline":"2027-01-17T12:00:00.000Z","evidence":{)"
        R"("last_use":"2026-12-30T12:00:00.000Z","seen_by":"access_log","watched_percent":99,)"
        R"("idle_after":"2w"},"run":"r1"})");
}

TEST(KibanaEvent, OfTheFleetHasNoEvidence) {
    const std::string text = format_kibana_event(
        {.kind = std::string(event_kind::brake), .at = noon, .reason = "all went quiet"});
    EXPECT_EQ(text.find("evidence"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("text":"Kibanas: all went quiet.")"), std::string::npos) << text;
}

}  // namespace
}  // namespace caretaker
