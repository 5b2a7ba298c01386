// SPDX-License-Identifier: Apache-2.0
// What every HTTP client promises: libcurl against a server, and the one that tests use.
#include "common/base/stop_signal.hpp"
#include "common/http/curl_http.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/scripted_http.hpp"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {
namespace {

constexpr std::uint64_t max_response = 100'000;

/// A client and the other end that it talks to.
class HttpSetup {
 public:
    virtual ~HttpSetup() = default;

    virtual HttpClient& client() = 0;
    virtual std::string url(const std::string& target) = 0;
    virtual void serve(HttpMethod method, const std::string& target, HttpResponse response) = 0;
    virtual void go_silent(const std::string& target) = 0;
    virtual std::vector<HttpRequest> received() = 0;

    void stop() { stop_.request(SIGTERM); }

 protected:
    StopSignal stop_{};
};

class CurlSetup final : public HttpSetup {
 public:
    HttpClient& client() override { return *client_; }

    std::string url(const std::string& target) override { return server_.url(target); }

    void serve(HttpMethod /*method*/, const std::string& target, HttpResponse response) override {
        server_.answer(
            target,
            {.status = response.status, .headers = response.headers, .body = response.body});
    }

    void go_silent(const std::string& target) override {
        server_.answer(target, {.conduct = ServerConduct::close});
    }

    std::vector<HttpRequest> received() override { return server_.requests(); }

 private:
    FakeServer server_{};
    std::unique_ptr<HttpClient> client_ =
        make_curl_http({.proxy = "none", .max_response_bytes = max_response}, stop_);
};

class ScriptedSetup final : public HttpSetup {
 public:
    ScriptedSetup() { client_.limit_responses(max_response); }

    HttpClient& client() override { return client_; }

    std::string url(const std::string& target) override { return "http://service:1" + target; }

    void serve(HttpMethod method, const std::string& target, HttpResponse response) override {
        client_.answer(method, target, std::move(response));
    }

    void go_silent(const std::string& target) override {
        client_.fail(HttpMethod::get,
                     target,
                     {HttpFault::cut, RemoteFailure::unreachable, "http_cut", "nobody answered"});
    }

    std::vector<HttpRequest> received() override { return client_.requests(); }

 private:
    ScriptedHttp client_{stop_};
};

template <typename SetupUnderTest>
class HttpContract : public ::testing::Test {
 protected:
    HttpResponse get(const std::string& target) {
        return setup_.client().send({.url = setup_.url(target)});
    }

    SetupUnderTest setup_{};
};

using Setups = ::testing::Types<CurlSetup, ScriptedSetup>;
TYPED_TEST_SUITE(HttpContract, Setups);

TYPED_TEST(HttpContract, ReturnsStatusHeadersAndBody) {
    const std::string body("{\"a\":\"\0\xFF\"}", 10);
    this->setup_.serve(
        HttpMethod::get,
        "/_cat/indices?v&h=index",
        {.status = 200, .headers = {{"X-Elastic-Product", "Elasticsearch"}}, .body = body});
    const HttpResponse response = this->get("/_cat/indices?v&h=index");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, body);
    EXPECT_EQ(response.header("x-elastic-product"), "Elasticsearch");
}

TYPED_TEST(HttpContract, ReturnsEveryStatusAsAnAnswer) {
    for (const int status : {200, 201, 301, 307, 400, 401, 404, 429, 500, 503}) {
        const std::string target = "/" + std::to_string(status);
        this->setup_.serve(
            HttpMethod::get,
            target,
            {.status = status, .headers = {{"Location", this->setup_.url("/200")}}, .body = "b"});
        EXPECT_EQ(this->get(target).status, status);
    }
    EXPECT_EQ(this->setup_.received().size(), 10U) << "redirects are not followed";
}

TYPED_TEST(HttpContract, SendsMethodHeadersAndBody) {
    for (const HttpMethod method : {HttpMethod::get,
                                    HttpMethod::head,
                                    HttpMethod::post,
                                    HttpMethod::put,
                                    HttpMethod::patch,
                                    HttpMethod::del}) {
        this->setup_.serve(method, "/t", {.status = 200, .headers = {}, .body = {}});
        const std::string body = method == HttpMethod::head ? "" : "{}";
        const HttpRequest request{.method = method,
                                  .url = this->setup_.url("/t"),
                                  .headers = {{"X-Opaque-Id", "7"}, {"X-Empty", ""}},
                                  .body = body};
        EXPECT_EQ(this->setup_.client().send(request).status, 200);
        const HttpRequest seen = this->setup_.received().back();
        const HttpResponse headers{.status = 0, .headers = seen.headers, .body = {}};
        EXPECT_EQ(seen.method, method);
        EXPECT_EQ(seen.body, body);
        EXPECT_EQ(headers.header("x-opaque-id"), "7");
    }
}

TYPED_TEST(HttpContract, GivesNoBodyForHead) {
    this->setup_.serve(HttpMethod::head, "/t", {.status = 200, .headers = {}, .body = "content"});
    const HttpResponse response =
        this->setup_.client().send({.method = HttpMethod::head, .url = this->setup_.url("/t")});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "");
}

TYPED_TEST(HttpContract, ThrowsWhenNoAnswerComes) {
    this->setup_.go_silent("/t");
    try {
        this->get("/t");
        FAIL() << "an answer came from nowhere";
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.failure(), RemoteFailure::unreachable);
        EXPECT_EQ(error.exit_code(), ExitCode::unreachable);
    }
}

TYPED_TEST(HttpContract, TakesAnAnswerAsLargeAsAllowedAndNoLarger) {
    this->setup_.serve(HttpMethod::get,
                       "/fits",
                       {.status = 200, .headers = {}, .body = std::string(max_response, 'x')});
    EXPECT_EQ(this->get("/fits").body.size(), max_response);
    this->setup_.serve(HttpMethod::get,
                       "/large",
                       {.status = 200, .headers = {}, .body = std::string(max_response + 1, 'x')});
    try {
        this->get("/large");
        FAIL() << "a larger answer was taken";
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.failure(), RemoteFailure::failed);
        EXPECT_EQ(error.code(), "response_too_large");
    }
}

TYPED_TEST(HttpContract, HandsABodyOutWhileItArrives) {
    const std::string body = "{\"a\":" + std::string(50'000, ' ') + "1}";
    this->setup_.serve(HttpMethod::get, "/t", {.status = 200, .headers = {}, .body = body});
    std::string read;
    HttpRequest request{.url = this->setup_.url("/t")};
    request.read_answer = [&](const HttpBodyReader& reader) {
        std::array<char, 1'000> buffer{};
        while (const std::size_t count = reader(buffer)) {
            read.append(buffer.data(), count);
        }
    };
    const HttpResponse response = this->setup_.client().send(request);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(read, body);
}

TYPED_TEST(HttpContract, KeepsTheBodyOfAnErrorEvenWhereItWouldBeHandedOut) {
    this->setup_.serve(HttpMethod::get, "/t", {.status = 403, .headers = {}, .body = "no"});
    HttpRequest request{.url = this->setup_.url("/t")};
    request.read_answer = [](const HttpBodyReader&) { FAIL(); };
    EXPECT_EQ(this->setup_.client().send(request).body, "no");
}

TYPED_TEST(HttpContract, PassesOnWhatTheReaderOfABodyThrows) {
    this->setup_.serve(HttpMethod::get, "/t", {.status = 200, .headers = {}, .body = "content"});
    this->setup_.serve(HttpMethod::get, "/u", {.status = 200, .headers = {}, .body = "ok"});
    HttpRequest request{.url = this->setup_.url("/t")};
    request.read_answer = [](const HttpBodyReader&) { throw UsageError("enough"); };
    EXPECT_THROW(this->setup_.client().send(request), UsageError);
    EXPECT_EQ(this->get("/u").body, "ok");
}

TYPED_TEST(HttpContract, SendsManyAndHandsOutEachOutcome) {
    this->setup_.serve(HttpMethod::get, "/a", {.status = 200, .headers = {}, .body = "A"});
    this->setup_.serve(HttpMethod::get, "/b", {.status = 404, .headers = {}, .body = "B"});
    this->setup_.go_silent("/c");
    std::vector<HttpRequest> requests;
    for (const char* target : {"/a", "/b", "/c", "/a", "/b"}) {
        requests.push_back({.url = this->setup_.url(target)});
    }
    std::map<std::size_t, std::string> outcomes;
    this->setup_.client().send_all(requests, 2, [&](std::size_t index, const HttpOutcome& outcome) {
        const auto* response = std::get_if<HttpResponse>(&outcome);
        outcomes[index] = response == nullptr ? "error" : response->body;
    });
    EXPECT_EQ(
        outcomes,
        (std::map<std::size_t, std::string>{{0, "A"}, {1, "B"}, {2, "error"}, {3, "A"}, {4, "B"}}));
    EXPECT_EQ(this->get("/a").body, "A") << "the client works on";
}

TYPED_TEST(HttpContract, EndsManyWithWhatTheCallbackThrows) {
    this->setup_.serve(HttpMethod::get, "/a", {.status = 200, .headers = {}, .body = "A"});
    const std::vector<HttpRequest> requests(5, {.url = this->setup_.url("/a")});
    int calls = 0;
    EXPECT_THROW(this->setup_.client().send_all(requests,
                                                2,
                                                [&](std::size_t, const HttpOutcome&) {
                                                    ++calls;
                                                    throw UsageError("enough");
                                                }),
                 UsageError);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(this->get("/a").body, "A") << "the client works on";
}

TYPED_TEST(HttpContract, SendsNoneOfNone) {
    this->setup_.client().send_all({}, 4, [](std::size_t, const HttpOutcome&) { FAIL(); });
    EXPECT_TRUE(this->setup_.received().empty());
}

TYPED_TEST(HttpContract, WorksAgainAfterAFailure) {
    this->setup_.go_silent("/t");
    this->setup_.serve(HttpMethod::get, "/u", {.status = 200, .headers = {}, .body = "ok"});
    EXPECT_THROW(this->get("/t"), RemoteError);
    EXPECT_EQ(this->get("/u").body, "ok");
}

TYPED_TEST(HttpContract, SendsNothingOnceAStopWasRequested) {
    this->setup_.serve(HttpMethod::get, "/t", {.status = 200, .headers = {}, .body = {}});
    this->setup_.stop();
    EXPECT_THROW(this->get("/t"), Interrupted);
    EXPECT_TRUE(this->setup_.received().empty());
}

}  // namespace
}  // namespace caretaker
