// SPDX-License-Identifier: Apache-2.0
// What a watching service is told of a run.
#include "common/cli/heartbeat.hpp"

#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/http.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

struct Sent {
    HttpRequest request{};
    milliseconds timeout{};
};

/// Keeps what is sent, and answers with one status; 0: the service is out of reach.
class RecordingHttp final : public HttpClient {
 public:
    RecordingHttp(std::vector<Sent>& sent, milliseconds timeout, int status)
        : sent_(sent), timeout_(timeout), status_(status) {}

    HttpResponse send(const HttpRequest& request) override {
        sent_.push_back({request, timeout_});
        if (status_ == 0) {
            throw HttpError(HttpFault::connect, RemoteFailure::unreachable, "http", "no route");
        }
        return {.status = status_};
    }

 private:
    std::vector<Sent>& sent_;
    milliseconds timeout_;
    int status_;
};

class HeartbeatTest : public ::testing::Test {
 protected:
    Heartbeat make(const std::string& pattern) { return {pattern, run_, connect_, stop_, log_}; }

    int status_ = 200;
    std::vector<Sent> sent_{};
    Connectors connect_{.kafka = {}, .http = [this](const HttpOptions& options, const StopSignal&) {
                            return std::make_unique<RecordingHttp>(
                                sent_, options.request_timeout, status_);
                        }};
    StopSignal stop_{};
    Log log_{LogLevel::off, LogFormat::plain};
    RunInfo run_{.uid = "u-1", .job = "rotate", .target = "prod"};
};

TEST_F(HeartbeatTest, TellsStartAndEnd) {
    Heartbeat heartbeat = make("https://hc.example/ping/key/{job}-{target}/");
    heartbeat.start();
    heartbeat.finish(ExitCode::partial, "deleted 3 of 4");
    ASSERT_EQ(sent_.size(), 2U);
    EXPECT_EQ(sent_[0].request.method, HttpMethod::post);
    EXPECT_EQ(sent_[0].request.url, "https://hc.example/ping/key/rotate-prod/start?rid=u-1");
    EXPECT_EQ(sent_[1].request.url, "https://hc.example/ping/key/rotate-prod/3?rid=u-1");
    EXPECT_EQ(sent_[1].request.body, "deleted 3 of 4");
}

TEST_F(HeartbeatTest, SaysNothingWithoutAnAddressOrInADryRun) {
    make("").start();
    run_.dry_run = true;
    make("https://hc.example/x").start();
    EXPECT_TRUE(sent_.empty());
}

TEST_F(HeartbeatTest, TriesTwiceAndLetsItBe) {
    for (const int status : {0, 404, 503}) {
        sent_.clear();
        status_ = status;
        make("https://hc.example/x").start();
        EXPECT_EQ(sent_.size(), 2U) << status;
    }
}

TEST_F(HeartbeatTest, CutsALongSummary) {
    make("https://hc.example/x").finish(ExitCode::ok, std::string(20'000, 's'));
    EXPECT_EQ(sent_.at(0).request.body.size(), 10'000U);
}

TEST_F(HeartbeatTest, TellsTheEndOfAStoppedRunInOneShortTry) {
    stop_.request(SIGTERM);
    status_ = 503;
    make("https://hc.example/x").finish(ExitCode::terminated, "ended");
    ASSERT_EQ(sent_.size(), 1U);
    EXPECT_EQ(sent_[0].request.url, "https://hc.example/x/143?rid=u-1");
    EXPECT_LE(sent_[0].timeout, milliseconds(300));
}

}  // namespace
}  // namespace caretaker
