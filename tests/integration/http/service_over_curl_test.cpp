// SPDX-License-Identifier: Apache-2.0
// The whole stack over libcurl, against servers that misbehave together.
#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/http/curl_http.hpp"
#include "common/http/http_tally.hpp"
#include "common/http/service_http.hpp"
#include "common/text/stable_hash.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <thread>

namespace caretaker {
namespace {

using std::chrono::seconds;

class ServiceOverCurl : public ::testing::Test {
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
                                     .http_tally = &tally_});
            service_.emplace(options_, *context_);
        }
        return *service_;
    }

    HttpError failure_of(const HttpRequest& request) {
        try {
            service().send(request);
        } catch (const HttpError& error) {
            return error;
        }
        throw std::logic_error("no failure");
    }

    /// The second server as another host: by its name instead of its address.
    std::string other_host(const std::string& target) {
        return fmt::format("http://localhost:{}{}", second_.port(), target);
    }

    FakeClock clock_{};
    StopSignal stop_{};
    Log log_{LogLevel::off, LogFormat::plain};
    Settings settings_{};
    RunInfo run_{.uid = "0192f-run", .job = "leftovers", .version = "0.1.0"};
    Connectors connect_{.http = make_curl_http};
    HttpTally tally_{};
    FakeServer first_{};
    FakeServer second_{};
    ServiceOptions options_{.http = {.service = "elasticsearch",
                                     .user = "elastic",
                                     .password = "hunter22",
                                     .proxy = "none"},
                            .endpoints = {first_.url("")}};
    std::optional<Context> context_{};
    std::optional<ServiceHttp> service_{};
};

TEST_F(ServiceOverCurl, WaitsOutABusyService) {
    first_.answer_in_turn("/t",
                          {{.status = 429, .headers = {{"Retry-After", "7"}}},
                           {.status = 503},
                           {.body = "0123456789", .conduct = ServerConduct::half_body},
                           {.body = "done"}});
    EXPECT_EQ(service().send({.url = "/t"}).body, "done");
    EXPECT_GE(clock_.waited(), seconds(7));
    EXPECT_LE(clock_.waited(), seconds(10));
    EXPECT_EQ(tally_.requests(), 4);
    EXPECT_EQ(tally_.retries(), 3);
}

TEST_F(ServiceOverCurl, EndsInUnreachableWhenEveryTryIsCut) {
    first_.answer("/t", {.body = "0123456789", .conduct = ServerConduct::half_body});
    const HttpError error = failure_of({.url = "/t"});
    EXPECT_EQ(error.exit_code(), ExitCode::unreachable);
    EXPECT_NE(std::string(error.what()).find("after 4 tries: elasticsearch: GET "),
              std::string::npos)
        << error.what();
}

TEST_F(ServiceOverCurl, EndsInUnreachableWhenEveryTryStandsStill) {
    first_.answer("/t", {.body = "0123456789", .conduct = ServerConduct::stall});
    options_.http.stall_time = std::chrono::milliseconds(50);
    EXPECT_EQ(failure_of({.url = "/t"}).exit_code(), ExitCode::unreachable);
    EXPECT_EQ(first_.requests().size(), 4U);
}

TEST_F(ServiceOverCurl, AsksTheEndpointThatLives) {
    second_.answer("/t", {.body = "alive"});
    first_.answer("/t", {.status = 502});
    options_.endpoints = {fmt::format("http://127.0.0.1:{}", testing::free_tcp_port()),
                          first_.url(""),
                          second_.url("")};
    EXPECT_EQ(service().send({.url = "/t"}).body, "alive");
    EXPECT_EQ(service().send({.url = "/t"}).body, "alive");
    EXPECT_EQ(service().endpoint(), second_.url(""));
    EXPECT_LE(first_.requests().size(), 1U);
    EXPECT_EQ(clock_.waited(), seconds(0));
}

TEST_F(ServiceOverCurl, ShowsItsCredentialsToNoHostThatIsNotListed) {
    first_.answer("/t", {.status = 307, .headers = {{"Location", other_host("/t")}}});
    second_.answer("/t", {.body = "stolen"});
    const HttpError error = failure_of({.url = "/t"});
    EXPECT_EQ(error.code(), "redirect_refused");
    EXPECT_EQ(error.exit_code(), ExitCode::denied);
    EXPECT_EQ(second_.connections(), 0U);
    EXPECT_EQ(std::string(error.what()).find("hunter22"), std::string::npos);
}

TEST_F(ServiceOverCurl, CarriesItsCredentialsToAnotherPortOfAListedHost) {
    first_.answer("/t", {.status = 307, .headers = {{"Location", second_.url("/t")}}});
    second_.answer("/t", {.body = "leader"});
    EXPECT_EQ(service().send({.method = HttpMethod::post, .url = "/t", .body = "{}"}).body,
              "leader");
    const HttpRequest seen = second_.requests().front();
    EXPECT_EQ(seen.method, HttpMethod::post);
    EXPECT_EQ(seen.body, "{}");
    EXPECT_EQ(find_header(seen.headers, "Authorization"), "Basic ZWxhc3RpYzpodW50ZXIyMg==");
    EXPECT_EQ(find_header(seen.headers, "User-Agent"), "caretaker/0.1.0 (leftovers; 0192f-run)");
    EXPECT_EQ(find_header(seen.headers, "X-Opaque-Id"), "0192f-run");
}

TEST_F(ServiceOverCurl, LeavesALoopAndAFile) {
    first_.answer("/loop", {.status = 302, .headers = {{"Location", "/loop"}}});
    EXPECT_EQ(failure_of({.url = "/loop"}).code(), "redirect_loop");
    first_.answer("/file", {.status = 302, .headers = {{"Location", "file:///etc/passwd"}}});
    const HttpError error = failure_of({.url = "/file"});
    EXPECT_EQ(error.code(), "redirect_refused");
    EXPECT_EQ(error.exit_code(), ExitCode::denied);
    EXPECT_EQ(first_.requests().size(), 2U) << "neither is tried again";
}

TEST_F(ServiceOverCurl, SendsNoDeleteInADryRun) {
    run_.dry_run = true;
    EXPECT_THROW(service().send({.method = HttpMethod::del, .url = "/logs-1"}), std::logic_error);
    EXPECT_EQ(first_.connections(), 0U);
}

TEST_F(ServiceOverCurl, TakesARepeatedDeleteForDone) {
    first_.answer_in_turn("/logs-1", {{.conduct = ServerConduct::close}, {.status = 404}});
    const HttpResponse response = service().require({.method = HttpMethod::del, .url = "/logs-1"});
    EXPECT_TRUE(response.done_before);
    EXPECT_EQ(response.tries, 2);
}

TEST_F(ServiceOverCurl, EndsOnARealSignal) {
    StopSignal::install(stop_);
    first_.answer("/t", {.conduct = ServerConduct::hang});
    std::thread killer([this] {
        first_.wait_for_requests(1);
        std::raise(SIGTERM);
    });
    try {
        service().send({.url = "/t"});
        ADD_FAILURE() << "an answer came";
    } catch (const Interrupted& end) {
        EXPECT_EQ(static_cast<int>(end.exit_code()), 143);
    }
    killer.join();
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        std::signal(number, SIG_DFL);
    }
}

TEST_F(ServiceOverCurl, SendsManyThroughAllLayers) {
    first_.answer("/a", {.body = "A"});
    first_.answer_in_turn("/b", {{.status = 503}, {.body = "B"}});
    first_.answer("/c", {.status = 307, .headers = {{"Location", "/a"}}});
    first_.answer("/d", {.status = 307, .headers = {{"Location", other_host("/d")}}});
    const std::array<HttpRequest, 4> requests{
        HttpRequest{.url = "/a"}, {.url = "/b"}, {.url = "/c"}, {.url = "/d"}};
    std::array<std::string, 4> outcomes{};
    service().send_all(requests, 3, [&](std::size_t index, const HttpOutcome& outcome) {
        const auto* response = std::get_if<HttpResponse>(&outcome);
        outcomes.at(index) =
            response == nullptr ? std::get<HttpError>(outcome).code() : response->body;
    });
    EXPECT_EQ(outcomes, (std::array<std::string, 4>{"A", "B", "A", "redirect_refused"}));
    EXPECT_EQ(second_.connections(), 0U);
}

}  // namespace
}  // namespace caretaker
