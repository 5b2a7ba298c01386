// SPDX-License-Identifier: Apache-2.0
// What the Date headers of answers tell about the clocks.
#include "common/http/service_clock.hpp"

#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_http.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const WallTime start{seconds{1'767'225'600}};  // 2026-01-01T00:00:00Z

HttpResponse dated(const char* date) {
    return {.status = 200, .headers = {{"Date", date}}};
}

TEST(ServiceClocks, KeepTheLargestOffset) {
    ServiceClocks clocks;
    clocks.add("marathon", dated("Thu, 01 Jan 2026 00:00:10 GMT"), start);
    clocks.add("chronos", dated("Wed, 31 Dec 2025 23:00:00 GMT"), start);
    clocks.add("marathon", dated("Thu, 01 Jan 2026 00:00:20 GMT"), start);
    ASSERT_TRUE(clocks.largest().has_value());
    EXPECT_EQ(clocks.largest()->service, "chronos");
    EXPECT_EQ(clocks.largest()->ahead, -hours(1));
}

TEST(ServiceClocks, OverlookAnswersThatTellNothing) {
    ServiceClocks clocks;
    clocks.add("kibana", {.status = 200}, start);
    clocks.add("kibana", dated("yesterday"), start);
    HttpResponse cached = dated("Wed, 31 Dec 2025 00:00:00 GMT");
    cached.headers.push_back({"Age", "86400"});
    clocks.add("kibana", cached, start);
    EXPECT_FALSE(clocks.largest().has_value());
}

TEST(ServiceClocks, SeeTheAnswersOfAWatchedClient) {
    FakeClock clock(start);
    ServiceClocks clocks;
    auto script = std::make_unique<ScriptedHttp>();
    script->answer(HttpMethod::get, "/", dated("Thu, 01 Jan 2026 00:00:30 GMT"));
    const auto client = watch_service_clock(std::move(script), "mesos", clock, clocks);
    EXPECT_EQ(client->send({.url = "http://m/"}).status, 200);
    ASSERT_TRUE(clocks.largest().has_value());
    EXPECT_EQ(clocks.largest()->ahead, seconds(30));
}

TEST(ServiceClocks, SeeTheAnswersOfParallelRequests) {
    FakeClock clock(start);
    ServiceClocks clocks;
    auto script = std::make_unique<ScriptedHttp>();
    script->answer(HttpMethod::get, "/a", dated("Thu, 01 Jan 2026 00:00:30 GMT"));
    const auto client = watch_service_clock(std::move(script), "mesos", clock, clocks);
    const std::vector<HttpRequest> requests{{.url = "http://m/a"}};
    std::size_t outcomes = 0;
    client->send_all(requests, 4, [&](std::size_t, HttpOutcome) { ++outcomes; });
    EXPECT_EQ(outcomes, 1U);
    EXPECT_TRUE(clocks.largest().has_value());
}

}  // namespace
}  // namespace caretaker
