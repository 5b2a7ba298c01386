// SPDX-License-Identifier: Apache-2.0
// Dates of headers and certificates.
#include "common/http/http_date.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

const sys_seconds moment{seconds{784'111'777}};  // the example of RFC 9110

TEST(HttpDate, HasThreeForms) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), moment);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), moment);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), moment);
    EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"),
              sys_seconds(seconds(1'709'164'800)));
}

TEST(HttpDate, IsNothingElse) {
    for (const std::string wrong : {"",
                                    "Sun, 06 Nov 1994 08:49:37 CET",
                                    "Sun, 31 Feb 2024 08:49:37 GMT",
                                    "Sun, 00 Nov 1994 08:49:37 GMT",
                                    "Sun, 06 nov 1994 08:49:37 GMT",
                                    "Sun, 06 Nov 1994 24:00:00 GMT",
                                    "Sun, 06 Nov 1994 08:60:00 GMT",
                                    "Sun, 06 Nov 1994 8:49:37 GMT",
                                    "Sun, 06 Nov 994 08:49:37 GMT",
                                    "Sun, -6 Nov 1994 08:49:37 GMT",
                                    "Sun, 06 Nov 1994 08:49:37 GMT x",
                                    "1994-11-06T08:49:37Z"}) {
        EXPECT_EQ(parse_http_date(wrong), std::nullopt) << wrong;
    }
}

TEST(CertificateDate, IsAsOpensslOrOthersWriteIt) {
    EXPECT_EQ(parse_certificate_date("Nov  6 08:49:37 1994 GMT"), moment);
    EXPECT_EQ(parse_certificate_date("1994-11-06 08:49:37 GMT"), moment);
    for (const std::string wrong :
         {"", "Nov  6 08:49:37 1994", "1994-11-06", "1994-13-06 08:49:37 GMT", "never"}) {
        EXPECT_EQ(parse_certificate_date(wrong), std::nullopt) << wrong;
    }
}

}  // namespace
}  // namespace caretaker
