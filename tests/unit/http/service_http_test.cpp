// SPDX-License-Identifier: Apache-2.0
// A service with everything around its client, over a scripted wire.
#include "common/http/service_http.hpp"

#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/http/http_tally.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/lent_http.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/unit/http/http_samples.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

namespace caretaker {
namespace {

using testing::fault;
using testing::status;

class ServiceHttpTest : public ::testing::Test {
 protected:
    ServiceHttp& service() {
        if (!service_) {
            context_.emplace(Context{.clock = clock_,
                                     .connect = connect_,
                                     .store = nullptr,
                                     .log = log_,
                                     .settings = settings_,
                                     .stop = stop_,
                                     .run = run_,
                                     .deadline = deadline_,
                                     .http_tally = &tally_});
            service_.emplace(options_, *context_);
        }
        return *service_;
    }

    Report report() {
        Report report;
        tally_.add_to(report, clock_.now());
        return report;
    }

    FakeClock clock_{};
    StopSignal stop_{};
    Log log_{LogLevel::off, LogFormat::plain};
    Settings settings_{};
    RunInfo run_{.uid = "0192f-run", .job = "leftovers", .version = "0.1.0"};
    ScriptedHttp wire_{};
    HttpOptions seen_{};
    Connectors connect_{.http = [this](const HttpOptions& options, const StopSignal&) {
        seen_ = options;
        return std::make_unique<LentHttp>(wire_);
    }};
    std::optional<SteadyTime> deadline_{};
    HttpTally tally_{};
    ServiceOptions options_{.http = {.service = "elasticsearch"}, .endpoints = {"http://es1:9200"}};
    std::optional<Context> context_{};
    std::optional<ServiceHttp> service_{};
};

TEST_F(ServiceHttpTest, SaysWhoAsks) {
    service();
    EXPECT_EQ(seen_.user_agent, "caretaker/0.1.0 (leftovers; 0192f-run)");
    EXPECT_EQ(find_header(seen_.headers, "x-opaque-id"), "0192f-run");
    EXPECT_FALSE(seen_.trace) << "only for -vv";
}

TEST_F(ServiceHttpTest, SendsNoOpaqueIdToOtherServices) {
    options_.http.service = "mesos";
    service();
    EXPECT_EQ(find_header(seen_.headers, "x-opaque-id"), "");
}

TEST_F(ServiceHttpTest, RetriesFollowsAndCounts) {
    wire_.answer(HttpMethod::get, "/a", status(503));
    wire_.answer(HttpMethod::get, "/a", status(307, {{"Location", "/b"}}));
    wire_.fail(HttpMethod::get, "/b", fault(HttpFault::cut));
    wire_.answer(HttpMethod::get, "/b", status(200));
    const HttpResponse response = service().require({.url = "/a"});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.url, "http://es1:9200/b");
    EXPECT_EQ(response.tries, 3);
    EXPECT_EQ(tally_.requests(), 5);
    EXPECT_EQ(tally_.errors(), 2);
    EXPECT_EQ(tally_.retries(), 2);
    const Report result = report();
    ASSERT_EQ(result.metrics.size(), 3U);
    EXPECT_EQ(result.metrics[0].name, "http.requests");
    EXPECT_EQ(result.metrics[0].value, 5);
    EXPECT_EQ(result.metrics[1].name, "http.errors");
    EXPECT_EQ(result.metrics[2].name, "http.retries");
    EXPECT_TRUE(result.findings.empty());
}

TEST_F(ServiceHttpTest, SendsNoChangeInADryRun) {
    run_.dry_run = true;
    wire_.answer(HttpMethod::get, "/a", status(200));
    EXPECT_EQ(service().send({.url = "/a"}).status, 200);
    for (const HttpMethod method :
         {HttpMethod::del, HttpMethod::put, HttpMethod::post, HttpMethod::patch}) {
        EXPECT_THROW(service().send({.method = method, .url = "/a"}), std::logic_error);
        const HttpRequest request{.method = method, .url = "/a"};
        EXPECT_THROW(service().send_all({&request, 1}, 1, [](std::size_t, const HttpOutcome&) {}),
                     std::logic_error);
    }
    EXPECT_EQ(wire_.requests().size(), 1U);
    EXPECT_EQ(service()
                  .send({.method = HttpMethod::post, .url = "/a", .effect = HttpEffect::read})
                  .status,
              404)
        << "a search is no change";
}

TEST_F(ServiceHttpTest, MakesOtherAnswersErrorsWhenAsked) {
    wire_.answer(HttpMethod::get,
                 "/a",
                 {.status = 403, .headers = {}, .body = "\n{\"error\":\"no\"}\nmore"});
    try {
        service().require({.url = "/a"});
        FAIL();
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::denied);
        EXPECT_STREQ(error.what(),
                     "elasticsearch: GET http://es1:9200/a: status 403: {\"error\":\"no\"}; give "
                     "the user the right to do this");
    }
    wire_.answer(HttpMethod::get, "/b", status(503));
    try {
        service().require({.url = "/b"});
        FAIL();
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::unreachable);
    }
}

TEST_F(ServiceHttpTest, ShowsNoSecretThatTheServiceRepeats) {
    options_.http.token = "tok-1234";
    wire_.answer(
        HttpMethod::get, "/a", {.status = 401, .headers = {}, .body = "unknown token tok-1234"});
    try {
        service().require({.url = "/a"});
        FAIL();
    } catch (const RemoteError& error) {
        EXPECT_EQ(std::string(error.what()).find("tok-1234"), std::string::npos) << error.what();
    }
}

TEST_F(ServiceHttpTest, CountsARequestWhoseAnswerCouldNotBeRead) {
    wire_.answer(HttpMethod::get, "/a", status(200));
    HttpRequest request{.url = "/a"};
    request.read_answer = [](const HttpBodyReader&) { throw UsageError("no JSON"); };
    EXPECT_THROW(service().send(request), UsageError);
    EXPECT_EQ(tally_.requests(), 1);
}

TEST_F(ServiceHttpTest, FindsACertificateThatEndsWithinTwoWeeks) {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    const auto serve = [&](const std::string& target, std::chrono::days left) {
        HttpResponse response = status(200);
        response.certificate =
            HttpCertificate{.subject = "CN = es1", .issuer = "CN = ours", .ends_at = now + left};
        wire_.answer(HttpMethod::get, target, response);
    };
    serve("/late", std::chrono::days(15));
    service().send({.url = "/late"});
    EXPECT_TRUE(report().findings.empty());
    serve("/soon", std::chrono::days(14));
    service().send({.url = "/soon"});
    ASSERT_EQ(report().findings.size(), 1U);
    const Finding finding = report().findings.front();
    EXPECT_EQ(finding.code, "tls_certificate_ends");
    EXPECT_EQ(finding.subject, "elasticsearch es1:9200");
    EXPECT_EQ(finding.severity, Severity::low);
    EXPECT_NE(finding.message.find("2026-01-15T00:00:00.000Z"), std::string::npos)
        << finding.message;
}

TEST_F(ServiceHttpTest, FindsThatNothingIsVerified) {
    options_.http.insecure = true;
    service();
    ASSERT_EQ(report().findings.size(), 1U);
    EXPECT_EQ(report().findings.front().code, "tls_unverified");
    EXPECT_EQ(report().findings.front().severity, Severity::info);
}

TEST_F(ServiceHttpTest, CarriesCredentialsOnlyToItsEndpoints) {
    options_.http.user = "elastic";
    options_.endpoints = {"http://es1:9200", "http://es2:9200"};
    wire_.answer(HttpMethod::get, "/a", status(307, {{"Location", "http://es3:9200/a"}}));
    EXPECT_THROW(service().send({.url = "/a"}), HttpError);
    service().trust_leader("http://es3:9200");
    wire_.answer(HttpMethod::get, "http://es3:9200/a", status(200));
    EXPECT_EQ(service().send({.url = "/a"}).status, 200);
}

TEST_F(ServiceHttpTest, WaitsForNothingBeyondTheEndOfTheRunsTime) {
    wire_.answer(HttpMethod::get, "/a", status(503, {{"Retry-After", "30"}}));
    deadline_ = clock_.steady() + std::chrono::seconds(10);
    EXPECT_EQ(service().send({.url = "/a"}).status, 503);
    EXPECT_EQ(clock_.waited(), std::chrono::seconds(0));
}

}  // namespace
}  // namespace caretaker
