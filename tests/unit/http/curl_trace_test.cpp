// SPDX-License-Identifier: Apache-2.0
// libcurl's log without secrets.
#include "common/http/curl_trace.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using Lines = std::vector<std::string>;

TEST(CurlTrace, ShowsHeadersLineByLineWithoutSecrets) {
    EXPECT_EQ(trace_lines(CURLINFO_HEADER_OUT,
                          "GET /x?token=abcdef HTTP/1.1\r\nHost: es1\r\nAuthorization: Basic "
                          "Zm9vOmJhcg==\r\nX-Auth-Token: abc\r\n\r\n",
                          {}),
              (Lines{"> GET /x?token=*** HTTP/1.1",
                     "> Host: es1",
                     "> Authorization: ***",
                     "> X-Auth-Token: ***"}));
    EXPECT_EQ(trace_lines(CURLINFO_HEADER_IN, "Set-Cookie: sid=1\r\n", {}),
              Lines{"< Set-Cookie: ***"});
    EXPECT_EQ(
        trace_lines(CURLINFO_TEXT, "Server auth using Basic with user 'hunter22'\n", {"hunter22"}),
        Lines{"* Server auth using Basic with user '***'"});
}

TEST(CurlTrace, ShowsNoData) {
    for (const auto type :
         {CURLINFO_DATA_IN, CURLINFO_DATA_OUT, CURLINFO_SSL_DATA_IN, CURLINFO_SSL_DATA_OUT}) {
        EXPECT_TRUE(trace_lines(type, "secret", {}).empty());
    }
}

}  // namespace
}  // namespace caretaker
