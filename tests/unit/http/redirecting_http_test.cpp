// SPDX-License-Identifier: Apache-2.0
// Redirects: where they are followed, and with what.
#include "common/http/redirecting_http.hpp"

#include "tests/support/scripted_http.hpp"
#include "tests/unit/http/http_samples.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::status;

class RedirectingHttpTest : public ::testing::Test {
 protected:
    void redirect(const std::string& url, const std::string& location, int number = 307) {
        for (const HttpMethod method : {HttpMethod::get, HttpMethod::post, HttpMethod::del}) {
            inner_.answer(method, url, status(number, {{"Location", location}}));
        }
    }

    void serve(const std::string& url) {
        for (const HttpMethod method : {HttpMethod::get, HttpMethod::post, HttpMethod::del}) {
            inner_.answer(method, url, status(200));
        }
    }

    RedirectingHttp client() { return {inner_, policy_, "mesos"}; }

    /// "200", or the code of the error.
    std::string send(HttpMethod method, const std::string& url) {
        try {
            RedirectingHttp http = client();
            return std::to_string(http.send({.method = method, .url = url}).status);
        } catch (const HttpError& error) {
            message_ = error.what();
            return error.code() + " " + std::to_string(static_cast<int>(error.exit_code()));
        }
    }

    std::string get(const std::string& url) { return send(HttpMethod::get, url); }

    ScriptedHttp inner_{};
    RedirectPolicy policy_{.hosts = {"m1.x.example", "m2.x.example"}};
    std::string message_{};
};

const std::string standby = "http://m1.x.example:5050/state";

TEST_F(RedirectingHttpTest, FollowsAReadAnywhereWithoutCredentials) {
    redirect(standby, "//elsewhere:5050/state");
    serve("http://elsewhere:5050/state");
    EXPECT_EQ(get(standby), "200");
}

TEST_F(RedirectingHttpTest, CarriesCredentialsToListedHostsAlone) {
    policy_.has_credentials = true;
    redirect(standby, "//m2.x.example:6060/state");
    serve("http://m2.x.example:6060/state");
    EXPECT_EQ(get(standby), "200") << "on any port";
    const std::string other = "http://m2.x.example:5050/state";
    redirect(other, "http://m3.x.example:5050/state");
    EXPECT_EQ(get(other), "redirect_refused 10");
    EXPECT_NE(message_.find("list it in urls"), std::string::npos) << message_;
    EXPECT_EQ(inner_.requests().back().url, other) << "nothing went to m3";
}

TEST_F(RedirectingHttpTest, CarriesCredentialsOverTheDomainOnlyWhenTold) {
    policy_.has_credentials = true;
    policy_.auth = RedirectAuth::same_domain;
    redirect(standby, "//m3.x.example:5050/state");
    serve("http://m3.x.example:5050/state");
    EXPECT_EQ(get(standby), "200");
    redirect("http://m2.x.example/", "http://m3.y.example/");
    EXPECT_EQ(get("http://m2.x.example/"), "redirect_refused 10");
}

TEST_F(RedirectingHttpTest, CarriesCredentialsNowhereWhenTold) {
    policy_.has_credentials = true;
    policy_.auth = RedirectAuth::never;
    redirect(standby, "//m2.x.example:5050/state");
    EXPECT_EQ(get(standby), "redirect_refused 10");
    redirect("http://m2.x.example:5050/a", "/b");
    serve("http://m2.x.example:5050/b");
    EXPECT_EQ(get("http://m2.x.example:5050/a"), "200") << "the same server is no other";
}

TEST_F(RedirectingHttpTest, TakesARequestsOwnCredentialsForOnes) {
    redirect(standby, "//elsewhere/state");
    RedirectingHttp http = client();
    EXPECT_THROW(http.send({.url = standby, .headers = {{"Authorization", "Basic x"}}}), HttpError);
    EXPECT_EQ(inner_.requests().size(), 1U);
}

TEST_F(RedirectingHttpTest, SendsChangesToListedHostsAndLeadersAlone) {
    redirect(standby, "//m2.x.example:5050/state");
    serve("http://m2.x.example:5050/state");
    EXPECT_EQ(send(HttpMethod::post, standby), "200");
    EXPECT_EQ(inner_.requests().back().method, HttpMethod::post);
    redirect("http://m2.x.example/", "http://leader:5050/");
    EXPECT_EQ(send(HttpMethod::del, "http://m2.x.example/"), "redirect_refused 10");
    serve("http://leader:5050/");
    RedirectingHttp http = client();
    http.trust_leader("http://LEADER:5050");
    EXPECT_EQ(http.send({.method = HttpMethod::del, .url = "http://m2.x.example/"}).status, 200);
}

TEST_F(RedirectingHttpTest, ChecksAddressesThatAnAnswerTold) {
    serve("http://agent7:5051/state");
    EXPECT_EQ(get("http://agent7:5051/state"), "200");
    EXPECT_EQ(send(HttpMethod::post, "http://agent7:5051/state"), "redirect_refused 10");
    policy_.has_credentials = true;
    EXPECT_EQ(get("http://agent7:5051/state"), "redirect_refused 10");
    policy_.auth = RedirectAuth::same_domain;
    serve("http://agent7.x.example:5051/state");
    EXPECT_EQ(get("http://agent7.x.example:5051/state"), "200");
    EXPECT_EQ(inner_.requests().size(), 2U);
}

TEST_F(RedirectingHttpTest, RefusesOtherSchemesAndTheWayBackFromTls) {
    for (const std::string to :
         {"file:///etc/passwd", "gopher://h/", "javascript:x", "ftp://m2.x.example/"}) {
        redirect("http://m1.x.example/" + to, to);
        EXPECT_EQ(get("http://m1.x.example/" + to), "redirect_refused 10") << to;
    }
    redirect("https://m1.x.example/", "http://m1.x.example/");
    EXPECT_EQ(get("https://m1.x.example/"), "redirect_refused 10");
    redirect("http://m1.x.example/", "https://m1.x.example/b");
    serve("https://m1.x.example/b");
    EXPECT_EQ(get("http://m1.x.example/"), "200");
}

TEST_F(RedirectingHttpTest, EndsALoopAndALongWay) {
    redirect("http://m1.x.example/a", "/b");
    redirect("http://m1.x.example/b", "/a");
    EXPECT_EQ(get("http://m1.x.example/a"), "redirect_loop 1");
    EXPECT_EQ(inner_.requests().size(), 2U);
    for (int i = 0; i < 7; ++i) {
        redirect("http://m2.x.example/" + std::to_string(i), "/" + std::to_string(i + 1));
    }
    EXPECT_EQ(get("http://m2.x.example/0"), "redirect_loop 1");
    EXPECT_EQ(inner_.requests().size(), 2U + 6U) << "five redirects were followed";
    serve("http://m2.x.example/5");
    ScriptedHttp short_way;
    for (int i = 0; i < 5; ++i) {
        short_way.answer(HttpMethod::get,
                         "/" + std::to_string(i),
                         status(302, {{"Location", "/" + std::to_string(i + 1)}}));
    }
    short_way.answer(HttpMethod::get, "/5", status(200));
    RedirectingHttp http(short_way, policy_, "mesos");
    EXPECT_EQ(http.send({.url = "http://m1.x.example/0"}).status, 200);
}

TEST_F(RedirectingHttpTest, FetchesTheResultOfAChangeAfter303) {
    redirect("http://m1.x.example/a", "/result", 303);
    serve("http://m1.x.example/result");
    RedirectingHttp http = client();
    http.send({.method = HttpMethod::post,
               .url = "http://m1.x.example/a",
               .headers = {{"Content-Type", "application/json"}, {"X", "y"}},
               .body = "{}"});
    const HttpRequest& last = inner_.requests().back();
    EXPECT_EQ(last.method, HttpMethod::get);
    EXPECT_EQ(last.body, "");
    ASSERT_EQ(last.headers.size(), 1U);
    EXPECT_EQ(last.headers.front().name, "X");
}

TEST_F(RedirectingHttpTest, LeavesOtherAnswersAlone) {
    inner_.answer(HttpMethod::get, "/304", status(304, {{"Location", "/x"}}));
    inner_.answer(HttpMethod::get, "/201", status(201, {{"Location", "/x"}}));
    inner_.answer(HttpMethod::get, "/302", status(302));
    EXPECT_EQ(get("http://m1.x.example/304"), "304");
    EXPECT_EQ(get("http://m1.x.example/201"), "201");
    EXPECT_EQ(get("http://m1.x.example/302"), "302");
}

TEST_F(RedirectingHttpTest, ShowsNoCredentials) {
    redirect("http://m1.x.example/?token=geheim1", "ftp://u:geheim2@h/?password=geheim3");
    get("http://m1.x.example/?token=geheim1");
    EXPECT_EQ(message_.find("geheim"), std::string::npos) << message_;
}

TEST_F(RedirectingHttpTest, FollowsEachOfManyByItself) {
    redirect("http://m1.x.example/a", "/b");
    serve("http://m1.x.example/b");
    redirect("http://m1.x.example/c", "file:///x");
    redirect("http://m1.x.example/d", "/d");
    const std::vector<HttpRequest> requests{{.url = "http://m1.x.example/a"},
                                            {.url = "http://m1.x.example/b"},
                                            {.url = "http://m1.x.example/c"},
                                            {.url = "http://m1.x.example/d"}};
    std::map<std::size_t, std::string> outcomes;
    client().send_all(requests, 2, [&](std::size_t index, const HttpOutcome& outcome) {
        const auto* response = std::get_if<HttpResponse>(&outcome);
        outcomes[index] = response == nullptr ? std::get<HttpError>(outcome).code()
                                              : std::to_string(response->status);
    });
    EXPECT_EQ(outcomes,
              (std::map<std::size_t, std::string>{
                  {0, "200"}, {1, "200"}, {2, "redirect_refused"}, {3, "redirect_loop"}}));
}

TEST(RedirectAuthWord, IsOneOfThree) {
    EXPECT_EQ(parse_redirect_auth("listed"), RedirectAuth::listed);
    EXPECT_EQ(parse_redirect_auth("same-domain"), RedirectAuth::same_domain);
    EXPECT_EQ(parse_redirect_auth("never"), RedirectAuth::never);
    EXPECT_EQ(parse_redirect_auth("always"), std::nullopt);
    EXPECT_EQ(parse_redirect_auth(""), std::nullopt);
}

}  // namespace
}  // namespace caretaker
