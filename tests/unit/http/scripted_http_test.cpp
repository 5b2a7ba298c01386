// SPDX-License-Identifier: Apache-2.0
// The HTTP client that other tests rely on.
#include "tests/support/scripted_http.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(ScriptedHttp, GivesTheAnswersOfARouteInTurnAndTheLastAgain) {
    ScriptedHttp http;
    http.answer(HttpMethod::get, "/a?b", {.status = 503, .headers = {}, .body = {}});
    http.answer(HttpMethod::get, "/a?b", {.status = 200, .headers = {}, .body = {}});
    const HttpRequest request{.url = "http://es:9200/a?b"};
    EXPECT_EQ(http.send(request).status, 503);
    EXPECT_EQ(http.send(request).status, 200);
    EXPECT_EQ(http.send(request).status, 200);
    EXPECT_EQ(http.requests().size(), 3U);
}

TEST(ScriptedHttp, NamesARouteThatIsMissing) {
    ScriptedHttp http;
    http.answer(HttpMethod::get, "/a", {.status = 200, .headers = {}, .body = {}});
    const HttpResponse response = http.send({.method = HttpMethod::del, .url = "http://es/a"});
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.body, "no route for DELETE /a");
}

TEST(ScriptedHttp, TakesTheTargetFromAUrlOfAnyHost) {
    EXPECT_EQ(request_target("http://es:9200/_cat/indices?v"), "/_cat/indices?v");
    EXPECT_EQ(request_target("https://user:p@[::1]:1/"), "/");
    EXPECT_EQ(request_target("http://es:9200"), "/");
}

}  // namespace
}  // namespace caretaker
