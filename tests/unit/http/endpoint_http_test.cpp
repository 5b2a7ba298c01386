// SPDX-License-Identifier: Apache-2.0
// Several addresses of one service.
#include "common/http/endpoint_http.hpp"

#include "common/text/stable_hash.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/unit/http/http_samples.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::fault;
using testing::sent;
using testing::status;

const std::vector<std::string> three{"http://a:1", "http://b:1/", "http://c:1/prefix"};

/// A run whose hash begins at the endpoint with that index.
std::string run_that_begins_at(std::size_t index, std::size_t count) {
    for (int i = 0;; ++i) {
        std::string uid = "run-" + std::to_string(i);
        if (stable_hash(uid) % count == index) {
            return uid;
        }
    }
}

class EndpointHttpTest : public ::testing::Test {
 protected:
    void answer(const std::string& url, int number) {
        for (const HttpMethod method : {HttpMethod::get, HttpMethod::put, HttpMethod::post}) {
            inner_.answer(method, url, status(number));
        }
    }

    [[nodiscard]] std::vector<std::string> asked() const {
        std::vector<std::string> urls;
        for (const HttpRequest& request : inner_.requests()) {
            urls.push_back(request.url);
        }
        return urls;
    }

    ScriptedHttp inner_{};
    EndpointHttp client_{inner_, three, run_that_begins_at(0, 3)};
};

using Urls = std::vector<std::string>;

TEST_F(EndpointHttpTest, BeginsWhereTheRunsHashSays) {
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(EndpointHttp(inner_, three, run_that_begins_at(i, 3)).current(), three[i]);
    }
}

TEST_F(EndpointHttpTest, CompletesPathsAndLeavesAddressesAlone) {
    answer("http://a:1/x?y", 200);
    answer("http://elsewhere/x", 200);
    client_.send({.url = "/x?y"});
    client_.send({.url = "http://elsewhere/x"});
    EXPECT_EQ(asked(), (Urls{"http://a:1/x?y", "http://elsewhere/x"}));
}

TEST_F(EndpointHttpTest, AsksTheNextAndKeepsToIt) {
    inner_.fail(HttpMethod::get, "http://a:1/x", fault(HttpFault::connect));
    answer("http://b:1/x", 503);
    answer("http://c:1/prefix/x", 200);
    EXPECT_EQ(client_.send({.url = "/x"}).status, 200);
    EXPECT_EQ(client_.send({.url = "/x"}).status, 200);
    EXPECT_EQ(asked(),
              (Urls{"http://a:1/x", "http://b:1/x", "http://c:1/prefix/x", "http://c:1/prefix/x"}));
}

TEST_F(EndpointHttpTest, TakesAllBackOnceAllHaveFailed) {
    for (const char* url : {"http://a:1/x", "http://b:1/x", "http://c:1/prefix/x"}) {
        answer(url, 502);
    }
    EXPECT_EQ(client_.send({.url = "/x"}).status, 502);
    EXPECT_EQ(inner_.requests().size(), 3U) << "each once";
    EXPECT_EQ(client_.send({.url = "/x"}).status, 502);
    EXPECT_EQ(inner_.requests().size(), 6U);
}

TEST_F(EndpointHttpTest, AsksNoOtherForWhatIsTheRequestsFault) {
    for (const int number : {400, 401, 404, 429, 500}) {
        ScriptedHttp inner;
        inner.answer(HttpMethod::get, "/x", status(number));
        EndpointHttp client(inner, three, run_that_begins_at(0, 3));
        const std::string before = client.current();
        EXPECT_EQ(client.send({.url = "/x"}).status, number);
        EXPECT_EQ(inner.requests().size(), 1U) << number;
        EXPECT_EQ(client.current(), before);
    }
}

TEST_F(EndpointHttpTest, SendsASingleChangeOnOnlyIfItWasNotSent) {
    answer("http://a:1/x", 503);
    answer("http://b:1/x", 200);
    EXPECT_EQ(client_.send({.method = HttpMethod::post, .url = "/x"}).status, 503);
    EXPECT_EQ(client_.send({.method = HttpMethod::post, .url = "/x"}).status, 200)
        << "the next request goes to the next endpoint";

    ScriptedHttp inner;
    inner.fail(HttpMethod::post, "http://a:1/x", fault(HttpFault::connect));
    inner.answer(HttpMethod::post, "http://b:1/x", status(201));
    EndpointHttp client(inner, three, run_that_begins_at(0, 3));
    EXPECT_EQ(client.send({.method = HttpMethod::post, .url = "/x"}).status, 201);
}

TEST_F(EndpointHttpTest, LeavesOutWhatHangsButLetsTheRetriesAskTheNext) {
    inner_.fail(HttpMethod::get, "http://a:1/x", fault(HttpFault::timeout, sent));
    answer("http://b:1/x", 200);
    EXPECT_THROW(client_.send({.url = "/x"}), HttpError);
    EXPECT_EQ(client_.send({.url = "/x"}).status, 200);
    EXPECT_EQ(asked(), (Urls{"http://a:1/x", "http://b:1/x"}));
}

TEST_F(EndpointHttpTest, TakesADeleteForDoneThatAnotherEndpointMayHaveDone) {
    const HttpRequest request{.method = HttpMethod::del, .url = "/x"};
    inner_.answer(HttpMethod::del, "http://a:1/x", status(504));
    inner_.answer(HttpMethod::del, "http://b:1/x", status(404));
    EXPECT_TRUE(client_.send(request).done_before);
    EndpointHttp again(inner_, three, run_that_begins_at(0, 3));
    again.send_all({&request, 1}, 1, [](std::size_t, const HttpOutcome& outcome) {
        EXPECT_TRUE(std::get<HttpResponse>(outcome).done_before);
    });

    ScriptedHttp inner;
    inner.fail(HttpMethod::del, "http://a:1/x", fault(HttpFault::connect));
    inner.answer(HttpMethod::del, "http://b:1/x", status(404));
    EndpointHttp client(inner, three, run_that_begins_at(0, 3));
    EXPECT_FALSE(client.send(request).done_before);
}

TEST_F(EndpointHttpTest, SendsManyOnTogether) {
    inner_.fail(HttpMethod::get, "http://a:1/x", fault(HttpFault::connect));
    inner_.fail(HttpMethod::get, "http://a:1/y", fault(HttpFault::connect));
    inner_.fail(HttpMethod::post, "http://a:1/z", fault(HttpFault::cut, sent));
    answer("http://b:1/x", 200);
    answer("http://b:1/y", 404);
    const std::vector<HttpRequest> requests{
        {.url = "/x"}, {.url = "/y"}, {.method = HttpMethod::post, .url = "/z"}};
    std::set<std::string> outcomes;
    client_.send_all(requests, 4, [&](std::size_t index, const HttpOutcome& outcome) {
        const auto* response = std::get_if<HttpResponse>(&outcome);
        outcomes.insert(std::to_string(index) + ":" +
                        std::to_string(response == nullptr ? 0 : response->status));
    });
    EXPECT_EQ(outcomes, (std::set<std::string>{"0:200", "1:404", "2:0"}));
    EXPECT_EQ(client_.current(), "http://b:1/");
}

}  // namespace
}  // namespace caretaker
