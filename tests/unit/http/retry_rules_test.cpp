// SPDX-License-Identifier: Apache-2.0
// What is sent again, and when.
#include "common/http/retry_rules.hpp"

#include "tests/unit/http/http_samples.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::begun;
using testing::fault;
using testing::sent;
using testing::status;

/// "rcs": may be sent again as a read, a repeatable change, a single change.
std::string verdict(const HttpOutcome& outcome) {
    std::string letters;
    letters += may_send_again(HttpEffect::read, outcome) ? 'r' : '.';
    letters += may_send_again(HttpEffect::repeatable_change, outcome) ? 'c' : '.';
    letters += may_send_again(HttpEffect::single_change, outcome) ? 's' : '.';
    return letters;
}

TEST(RetryRules, DecideByEffectAndOutcome) {
    EXPECT_EQ(verdict(fault(HttpFault::connect)), "rcs");
    EXPECT_EQ(verdict(fault(HttpFault::timeout, sent)), "r..");
    EXPECT_EQ(verdict(fault(HttpFault::stall, begun)), "r..");
    EXPECT_EQ(verdict(fault(HttpFault::cut)), "rcs") << "nothing was sent";
    EXPECT_EQ(verdict(fault(HttpFault::cut, sent)), "rc.");
    EXPECT_EQ(verdict(fault(HttpFault::cut, begun)), "r..");
    for (const HttpFault never : {HttpFault::too_large,
                                  HttpFault::tls,
                                  HttpFault::not_http,
                                  HttpFault::redirect,
                                  HttpFault::other}) {
        EXPECT_EQ(verdict(fault(never)), "...") << static_cast<int>(never);
    }
    for (const int busy : {429, 502, 503, 504}) {
        EXPECT_EQ(verdict(status(busy)), "rc.") << busy;
    }
    EXPECT_EQ(verdict(status(500)), "r..");
    for (const int final : {200, 201, 301, 400, 401, 403, 404, 405, 409, 413, 501, 505}) {
        EXPECT_EQ(verdict(status(final)), "...") << final;
    }
}

TEST(RetryRules, TellAFailingEndpointFromAFailingRequest) {
    for (const HttpFault bad :
         {HttpFault::connect, HttpFault::timeout, HttpFault::stall, HttpFault::cut}) {
        EXPECT_TRUE(is_endpoint_failure(fault(bad)));
    }
    EXPECT_FALSE(is_endpoint_failure(fault(HttpFault::tls)));
    EXPECT_FALSE(is_endpoint_failure(fault(HttpFault::too_large)));
    EXPECT_TRUE(is_endpoint_failure(status(502)));
    EXPECT_TRUE(is_endpoint_failure(status(503)));
    EXPECT_TRUE(is_endpoint_failure(status(504)));
    EXPECT_FALSE(is_endpoint_failure(status(500)));
    EXPECT_FALSE(is_endpoint_failure(status(429)));
}

TEST(RetryRules, WaitLongerEachTimeUpToTenSeconds) {
    EXPECT_EQ(retry_wait(1, 1.0, {}), milliseconds(500));
    EXPECT_EQ(retry_wait(2, 1.0, {}), milliseconds(1'000));
    EXPECT_EQ(retry_wait(3, 0.5, {}), milliseconds(1'000));
    EXPECT_EQ(retry_wait(3, 0.0, {}), milliseconds(0));
    EXPECT_EQ(retry_wait(6, 1.0, {}), milliseconds(10'000));
    EXPECT_EQ(retry_wait(1'000'000, 1.0, {}), milliseconds(10'000));
    EXPECT_EQ(retry_wait(1, 7.0, {}), milliseconds(500)) << "jitter stays within 0 to 1";
}

TEST(RetryRules, WaitAsTheServiceAsksButAMinuteAtMost) {
    EXPECT_EQ(retry_wait(1, 0.0, seconds(7)), seconds(7));
    EXPECT_EQ(retry_wait(1, 1.0, seconds(0)), seconds(0));
    EXPECT_EQ(retry_wait(1, 1.0, seconds(3'600)), seconds(60));
}

TEST(RetryAfter, IsSecondsOrADate) {
    const WallTime now{seconds{784'111'770}};  // 1994-11-06T08:49:30Z
    EXPECT_EQ(parse_retry_after("0", now), seconds(0));
    EXPECT_EQ(parse_retry_after("120", now), seconds(120));
    EXPECT_EQ(parse_retry_after("99999999999999999999", now), seconds(60));
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), seconds(7));
    EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", now), seconds(0));
    for (const std::string wrong : {"", "-1", "1.5", "soon", "1 s", "06 Nov 1994"}) {
        EXPECT_EQ(parse_retry_after(wrong, now), std::nullopt) << wrong;
    }
}

}  // namespace
}  // namespace caretaker
