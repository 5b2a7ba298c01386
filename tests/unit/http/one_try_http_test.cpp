// SPDX-License-Identifier: Apache-2.0
#include "common/http/one_try_http.hpp"

#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/lent_http.hpp"
#include "tests/support/scripted_http.hpp"

#include <gtest/gtest.h>

#include <array>
#include <variant>

namespace caretaker {
namespace {

TEST(OneTryHttp, AsksOnceAndIsCounted) {
    ScriptedHttp wire;
    wire.answer(HttpMethod::get, "http://a/status", {.status = 503});
    wire.answer(HttpMethod::get, "http://b/status", {.status = 200});
    const Connectors connectors = lend_http(wire);
    FakeClock clock;
    Log log(LogLevel::error, LogFormat::plain);
    const Settings settings;
    const StopSignal stop;
    const RunInfo run{.job = "kibana"};
    HttpTally tally;
    Context context{clock, connectors, nullptr, log, settings, stop, run};
    context.http_tally = &tally;

    OneTryHttp http({.service = "kibana"}, context);
    const std::array requests{HttpRequest{.url = "http://a/status"},
                              HttpRequest{.url = "http://b/status"}};
    std::array<int, 2> statuses{};
    http.send_all(requests, 2, [&](std::size_t index, const HttpOutcome& outcome) {
        statuses.at(index) = std::get<HttpResponse>(outcome).status;
    });
    EXPECT_EQ(statuses, (std::array{503, 200}));
    EXPECT_EQ(tally.requests(), 2);
    EXPECT_EQ(clock.waited().count(), 0);
}

}  // namespace
}  // namespace caretaker
