// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_status_model.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/text/timestamp.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

KibanaStatus read(const std::string& text) {
    const JsonDocument document = JsonDocument::parse(text, "test");
    return read_kibana_status(document.root());
}

TEST(KibanaStatus, OfVersions4And5HasAHistory) {
    const KibanaStatus status = read(
        R"({"name":"kibana","version":"4.6.4","status":{"overall":{"state":"green"}},)"
        R"("metrics":{"requests":[[60000,3],[55000,0],[50000,7]],"concurrency":[[60000,1]]}})");
    EXPECT_TRUE(status.is_ready);
    EXPECT_EQ(status.version, "4.6.4");
    ASSERT_EQ(status.windows.size(), 3U);
    EXPECT_EQ(status.windows[0].span,
              (WatchSpan{WallTime(milliseconds(55'000)), WallTime(milliseconds(60'000))}));
    EXPECT_EQ(status.windows[0].requests, 3);
    EXPECT_EQ(status.windows[2].span,
              (WatchSpan{WallTime(milliseconds(45'000)), WallTime(milliseconds(50'000))}));
    EXPECT_EQ(status.connections, 1);
}

TEST(KibanaStatus, OfVersion6HasOneWindow) {
    const KibanaStatus status =
        read(R"({"version":{"number":"6.2.4"},"status":{"overall":{"state":"yellow"}},)"
             R"("metrics":{"last_updated":"2026-05-04T03:15:07.000Z",)"
             R"("collection_interval_in_millis":5000,"uptime_in_millis":123456.7,)"
             R"("requests":{"total":4,"disconnects":0},"concurrent_connections":2}})");
    EXPECT_FALSE(status.is_ready);
    EXPECT_EQ(status.version, "6.2.4");
    ASSERT_EQ(status.windows.size(), 1U);
    const WallTime end = *parse_rfc3339("2026-05-04T03:15:07Z");
    EXPECT_EQ(status.windows[0].span, (WatchSpan{end - seconds(5), end}));
    EXPECT_EQ(status.windows[0].requests, 4);
    EXPECT_EQ(status.uptime, milliseconds(123'456));
    EXPECT_EQ(status.connections, 2);
}

TEST(KibanaStatus, OfVersion7HasItsUptimeElsewhere) {
    const KibanaStatus status =
        read(R"({"version":{"number":"7.17.0"},"status":{"overall":{"state":"green"}},)"
             R"("metrics":{"last_updated":"2026-05-04T03:15:07.000Z",)"
             R"("collection_interval_in_millis":300000,"process":{"uptime_in_millis":99},)"
             R"("requests":{"total":400}}})");
    EXPECT_EQ(status.uptime, milliseconds(99));
    EXPECT_EQ(status.windows[0].span.end - status.windows[0].span.begin, seconds(300));
}

TEST(KibanaStatus, OfVersion8HasALevelAndMayBeCutDown) {
    EXPECT_TRUE(read(R"({"status":{"overall":{"level":"available"}}})").is_ready);
    const KibanaStatus degraded = read(R"({"status":{"overall":{"level":"degraded"}}})");
    EXPECT_FALSE(degraded.is_ready);
    EXPECT_EQ(degraded.state, "degraded");
    EXPECT_TRUE(degraded.windows.empty());
}

TEST(KibanaStatus, TellsNothingBeforeItsFirstWindow) {
    EXPECT_TRUE(read(R"({"status":{"overall":{"state":"green"}},"metrics":{}})").windows.empty());
    EXPECT_TRUE(read(R"({"status":{"overall":{"state":"green"}},"metrics":{"requests":[]}})")
                    .windows.empty());
}

TEST(KibanaStatus, RefusesWhatIsNone) {
    for (const char* text : {"[]",
                             "{}",
                             R"({"status":"green"})",
                             R"({"status":{"overall":{}},"metrics":{"requests":[[1]]}})",
                             R"({"status":{"overall":{}},"metrics":{"requests":{"total":1},)"
                             R"("last_updated":"yesterday"}})"}) {
        EXPECT_THROW(read(text), JsonError) << text;
    }
}

TEST(KibanaStatus, IsNotReadOfOtherAnswers) {
    EXPECT_EQ(find_status_trouble(200, " {}"), "");
    EXPECT_EQ(find_status_trouble(503, "{}"), "");
    EXPECT_NE(find_status_trouble(503, "Kibana server is not ready yet"), "");
    EXPECT_NE(find_status_trouble(200, ""), "");
    EXPECT_NE(find_status_trouble(404, "{}"), "");
    EXPECT_NE(find_status_trouble(401, "{}"), "");
}

KibanaApp checked_by(const std::string& protocol, seconds interval) {
    return {.health_checks = {{.protocol = protocol, .interval = interval}}};
}

TEST(KibanaStatus, ExplainsRequestsByChecks) {
    const milliseconds minute(60'000);
    EXPECT_EQ(expected_requests(checked_by("HTTP", seconds(20)), minute, {}), 3);
    EXPECT_EQ(expected_requests(checked_by("MESOS_HTTP", seconds(20)), minute, {}), 6);
    EXPECT_EQ(expected_requests(checked_by("MESOS_HTTP", seconds(50)), minute, {}), 4);
    EXPECT_EQ(expected_requests(checked_by("TCP", seconds(20)), minute, {}), 0);
    EXPECT_EQ(expected_requests(checked_by("COMMAND", seconds(20)), minute, {}), 0);
    EXPECT_EQ(expected_requests({}, minute, {.extra_per_minute = 2.5}), 3);
    EXPECT_EQ(expected_requests(checked_by("HTTP", seconds(0)), milliseconds(5), {}), 5);
}

TEST(KibanaStatus, SeesUseAboveWhatIsExplained) {
    const WallTime end{seconds(1'000)};
    const auto use = [&](std::int64_t requests) {
        return find_status_use(
            {.windows = {{.span = {end - seconds(60), end}, .requests = requests}}},
            checked_by("HTTP", seconds(20)),
            {.slack = 2},
            1);
    };
    EXPECT_EQ(use(6), std::nullopt);  // three checks, our own, and the slack
    EXPECT_EQ(use(7), end);
}

TEST(KibanaStatus, TakesManyConnectionsForUse) {
    const WallTime end{seconds(1'000)};
    const KibanaStatus status{.windows = {{.span = {end - seconds(60), end}}}, .connections = 4};
    EXPECT_EQ(find_status_use(status, {}, {}, 0), std::nullopt);
    EXPECT_EQ(find_status_use(status, {}, {.connections = 4}, 0), std::nullopt);
    EXPECT_EQ(find_status_use(status, {}, {.connections = 3}, 0), end);
}

TEST(KibanaStatus, TellsWhatNothingExplains) {
    const WallTime end{seconds(1'000)};
    const auto rest = [&](std::int64_t requests) {
        return unexplained_per_minute(
            {.windows = {{.span = {end - seconds(30), end}, .requests = requests}}},
            checked_by("HTTP", seconds(10)),
            {.slack = 2},
            1);
    };
    EXPECT_EQ(rest(6), 0);
    EXPECT_EQ(rest(7), 6);  // three in half a minute
    EXPECT_EQ(unexplained_per_minute({}, {}, {}, 0), 0);
}

}  // namespace
}  // namespace caretaker
