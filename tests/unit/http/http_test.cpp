// SPDX-License-Identifier: Apache-2.0
// The value types of the HTTP seam.
#include "common/http/http.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(HttpResponse, FindsTheFirstHeaderInAnyLetterCase) {
    const HttpResponse response{
        .status = 200,
        .headers = {{"Content-Type", "text/plain"}, {"X-A", "1"}, {"x-a", "2"}},
        .body = {}};
    EXPECT_EQ(response.header("content-TYPE"), "text/plain");
    EXPECT_EQ(response.header("x-A"), "1");
    EXPECT_EQ(response.header("x-b"), "");
    EXPECT_EQ(response.header(""), "");
}

TEST(HttpMethod, HasTheWordOfTheProtocol) {
    EXPECT_EQ(to_string(HttpMethod::get), "GET");
    EXPECT_EQ(to_string(HttpMethod::head), "HEAD");
    EXPECT_EQ(to_string(HttpMethod::post), "POST");
    EXPECT_EQ(to_string(HttpMethod::put), "PUT");
    EXPECT_EQ(to_string(HttpMethod::patch), "PATCH");
    EXPECT_EQ(to_string(HttpMethod::del), "DELETE");
}

}  // namespace
}  // namespace caretaker
