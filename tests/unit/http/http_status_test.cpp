// SPDX-License-Identifier: Apache-2.0
// What answers other than 2xx, and no answers, mean for a run and for a change that was asked for.
#include "common/http/http_status.hpp"

#include "tests/unit/http/http_samples.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::fault;
using testing::status;

struct StatusCase {
    int status;
    RemoteFailure failure;
    const char* code;
    bool may_have_arrived;
};

TEST(HttpStatus, MeansRefusalOutOfReachOrFailure) {
    for (const StatusCase& each : {
             StatusCase{400, RemoteFailure::failed, "http_status", false},
             StatusCase{401, RemoteFailure::denied, "http_denied", false},
             StatusCase{403, RemoteFailure::denied, "http_denied", false},
             StatusCase{404, RemoteFailure::failed, "http_status", false},
             StatusCase{407, RemoteFailure::denied, "http_denied", false},
             StatusCase{429, RemoteFailure::unreachable, "http_unavailable", false},
             StatusCase{500, RemoteFailure::failed, "http_status", false},
             StatusCase{502, RemoteFailure::unreachable, "http_unavailable", true},
             StatusCase{503, RemoteFailure::unreachable, "http_unavailable", true},
             StatusCase{504, RemoteFailure::unreachable, "http_unavailable", true},
         }) {
        const RemoteError error = describe_status("es", {.url = "/a"}, status(each.status));
        EXPECT_EQ(error.failure(), each.failure) << each.status;
        EXPECT_EQ(error.code(), each.code) << each.status;
        EXPECT_EQ(error.may_have_arrived(), each.may_have_arrived) << each.status;
    }
}

TEST(HttpStatus, ShowsTheFirstLineOfTheBodyWithoutSecrets) {
    const std::vector<std::string> secrets{"hunter2"};
    HttpResponse response = status(500);
    response.body = "\n  no room for hunter2\nat com.example";
    const RemoteError error = describe_status("es", {.url = "/a"}, response, secrets);
    EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("no room for "), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("com.example"), std::string::npos) << error.what();
}

TEST(HttpFaults, MayHaveReachedTheServiceOnceAByteWasSent) {
    EXPECT_FALSE(fault(HttpFault::connect).may_have_arrived());
    EXPECT_TRUE(fault(HttpFault::cut, testing::sent).may_have_arrived());
    EXPECT_TRUE(fault(HttpFault::stall, testing::begun).may_have_arrived());
}

}  // namespace
}  // namespace caretaker
