// SPDX-License-Identifier: Apache-2.0
// What is asked before a request changes something.
#include "common/http/change_gate.hpp"

#include "common/base/stop_signal.hpp"
#include "tests/support/lent_http.hpp"
#include "tests/support/scripted_http.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

class ChangeGate : public ::testing::Test {
 protected:
    std::unique_ptr<HttpClient> client() {
        return gate_connectors(connect_,
                               [this](std::chrono::milliseconds longest) {
                                   asked_.push_back(longest);
                                   if (is_closed_) {
                                       throw std::runtime_error("closed");
                                   }
                               })
            .http({.request_timeout = 7s}, stop_);
    }

    ScriptedHttp wire_{};
    Connectors connect_ = lend_http(wire_);
    StopSignal stop_{};
    std::vector<std::chrono::milliseconds> asked_{};
    bool is_closed_ = false;
};

TEST_F(ChangeGate, IsAskedBeforeEachChangeAndNotBeforeReads) {
    const auto http = client();
    http->send({.url = "http://a/"});
    http->send({.method = HttpMethod::post, .url = "http://a/", .effect = HttpEffect::read});
    EXPECT_TRUE(asked_.empty());
    http->send({.method = HttpMethod::del, .url = "http://a/"});
    http->send({.method = HttpMethod::put, .url = "http://a/", .timeout = 6h});
    EXPECT_EQ(asked_, (std::vector<std::chrono::milliseconds>{7s, 7s}));
}

TEST_F(ChangeGate, LetsNothingPassThatIsNotPermitted) {
    is_closed_ = true;
    const auto http = client();
    EXPECT_THROW(http->send({.method = HttpMethod::del, .url = "http://a/"}), std::runtime_error);
    const std::vector<HttpRequest> two{{.url = "http://a/"},
                                       {.method = HttpMethod::put, .url = "http://a/"}};
    EXPECT_THROW(http->send_all(two, 2, [](std::size_t, const HttpOutcome&) {}),
                 std::runtime_error);
    EXPECT_TRUE(wire_.requests().empty());
}

TEST_F(ChangeGate, IsNotThereWithoutAPermit) {
    gate_connectors(connect_, {})
        .http({}, stop_)
        ->send({.method = HttpMethod::del, .url = "http://a/"});
    EXPECT_EQ(wire_.requests().size(), 1U);
}

}  // namespace
}  // namespace caretaker
