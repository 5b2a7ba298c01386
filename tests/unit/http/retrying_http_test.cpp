// SPDX-License-Identifier: Apache-2.0
// Retries over a scripted service and a clock that is moved by hand.
#include "common/http/retrying_http.hpp"

#include "common/base/stop_signal.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/unit/http/http_samples.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <string>

namespace caretaker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::begun;
using testing::fault;
using testing::sent;
using testing::status;

class RetryingHttpTest : public ::testing::Test {
 protected:
    HttpResponse send(HttpMethod method) {
        return RetryingHttp(inner_, options_, clock_, stop_)
            .send({.method = method, .url = "http://es/t"});
    }

    void answer(HttpMethod method, HttpResponse response) {
        inner_.answer(method, "/t", std::move(response));
    }

    void fail(HttpMethod method, HttpError error) { inner_.fail(method, "/t", std::move(error)); }

    ScriptedHttp inner_{};
    FakeClock clock_{};
    StopSignal stop_{};
    RetryOptions options_{};
};

TEST_F(RetryingHttpTest, GivesTheFirstAnswerThatIsFinal) {
    fail(HttpMethod::get, fault(HttpFault::connect));
    answer(HttpMethod::get, status(503));
    answer(HttpMethod::get, status(200));
    const HttpResponse response = send(HttpMethod::get);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.tries, 3);
    EXPECT_EQ(clock_.waited(), milliseconds(500 + 1'000));
}

TEST_F(RetryingHttpTest, GivesUpAfterFourTries) {
    answer(HttpMethod::get, status(500));
    EXPECT_EQ(send(HttpMethod::get).status, 500);
    EXPECT_EQ(inner_.requests().size(), 4U);
    fail(HttpMethod::del, fault(HttpFault::connect));
    try {
        send(HttpMethod::del);
        FAIL();
    } catch (const HttpError& error) {
        EXPECT_STREQ(error.what(), "after 4 tries: it failed");
        EXPECT_EQ(error.exit_code(), ExitCode::unreachable);
    }
}

TEST_F(RetryingHttpTest, NeverSendsACreatingPostTwice) {
    answer(HttpMethod::post, status(503, {{"Retry-After", "1"}}));
    EXPECT_EQ(send(HttpMethod::post).status, 503);
    EXPECT_EQ(inner_.requests().size(), 1U);
    ScriptedHttp other;
    other.fail(HttpMethod::post, "/t", fault(HttpFault::cut, sent));
    RetryingHttp retrying(other, options_, clock_, stop_);
    EXPECT_THROW(retrying.send({.method = HttpMethod::post, .url = "http://es/t"}), HttpError);
    EXPECT_EQ(other.requests().size(), 1U);
    EXPECT_EQ(clock_.waited(), milliseconds(0));
}

TEST_F(RetryingHttpTest, SendsAPostAgainThatOnlyAsks) {
    answer(HttpMethod::post, status(503));
    answer(HttpMethod::post, status(200));
    RetryingHttp retrying(inner_, options_, clock_, stop_);
    const HttpRequest search{
        .method = HttpMethod::post, .url = "http://es/t", .effect = HttpEffect::read};
    EXPECT_EQ(retrying.send(search).status, 200);
}

TEST_F(RetryingHttpTest, WaitsAsTheServiceAsks) {
    answer(HttpMethod::get, status(429, {{"Retry-After", "7"}}));
    answer(HttpMethod::get, status(429, {{"Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT"}}));
    answer(HttpMethod::get, status(429, {{"retry-after", "900"}}));
    answer(HttpMethod::get, status(200));
    EXPECT_EQ(send(HttpMethod::get).status, 200);
    EXPECT_EQ(clock_.waited(), seconds(7 + 3 + 60));
}

TEST_F(RetryingHttpTest, TakesA404ForDoneOnlyAfterADeleteThatMayHaveArrived) {
    fail(HttpMethod::del, fault(HttpFault::cut, sent));
    answer(HttpMethod::del, status(404));
    const HttpResponse response = send(HttpMethod::del);
    EXPECT_EQ(response.status, 404);
    EXPECT_TRUE(response.done_before);
    EXPECT_TRUE(response.ok());
    EXPECT_FALSE(send(HttpMethod::del).ok()) << "the first try already found nothing";

    ScriptedHttp down;
    down.fail(HttpMethod::del, "/t", fault(HttpFault::connect));
    down.answer(HttpMethod::del, "/t", status(404));
    RetryingHttp retrying(down, options_, clock_, stop_);
    EXPECT_FALSE(retrying.send({.method = HttpMethod::del, .url = "http://es/t"}).ok());
}

TEST_F(RetryingHttpTest, StaysInsideTheDeadline) {
    answer(HttpMethod::get, status(503));
    options_.deadline = clock_.steady() + milliseconds(600);
    EXPECT_EQ(send(HttpMethod::get).status, 503);
    EXPECT_EQ(inner_.requests().size(), 2U) << "the second wait of a second was too long";
    EXPECT_EQ(clock_.waited(), milliseconds(500));
}

TEST_F(RetryingHttpTest, UsesItsJitter) {
    answer(HttpMethod::get, status(503));
    options_.jitter = [] { return 0.5; };
    send(HttpMethod::get);
    EXPECT_EQ(clock_.waited(), milliseconds(250 + 500 + 1'000));
}

TEST_F(RetryingHttpTest, EndsItsWaitWhenAStopIsRequested) {
    answer(HttpMethod::get, status(503));
    options_.on_retry = [this](const HttpRequest&, const HttpOutcome&, milliseconds) {
        stop_.request(SIGTERM);
    };
    EXPECT_THROW(send(HttpMethod::get), Interrupted);
    EXPECT_EQ(inner_.requests().size(), 1U);
}

TEST_F(RetryingHttpTest, SendsOfManyOnlyThoseAgainThatFailed) {
    inner_.answer(HttpMethod::get, "/a", status(200));
    inner_.answer(HttpMethod::get, "/b", status(503));
    inner_.answer(HttpMethod::get, "/b", status(200));
    inner_.fail(HttpMethod::get, "/c", fault(HttpFault::tls));
    inner_.fail(HttpMethod::get, "/d", fault(HttpFault::cut, begun));
    const std::vector<HttpRequest> requests{
        {.url = "http://x/a"}, {.url = "http://x/b"}, {.url = "http://x/c"}, {.url = "http://x/d"}};
    std::map<std::size_t, std::string> outcomes;
    RetryingHttp(inner_, options_, clock_, stop_)
        .send_all(requests, 2, [&](std::size_t index, const HttpOutcome& outcome) {
            const auto* response = std::get_if<HttpResponse>(&outcome);
            outcomes[index] = response == nullptr ? std::get<HttpError>(outcome).what()
                                                  : std::to_string(response->status) + " after " +
                                                        std::to_string(response->tries);
        });
    EXPECT_EQ(outcomes,
              (std::map<std::size_t, std::string>{{0, "200 after 1"},
                                                  {1, "200 after 2"},
                                                  {2, "it failed"},
                                                  {3, "after 4 tries: it failed"}}));
    EXPECT_EQ(inner_.requests().size(), 1U + 2U + 1U + 4U);
    EXPECT_EQ(clock_.waited(), milliseconds(500 + 1'000 + 2'000));
}

}  // namespace
}  // namespace caretaker
