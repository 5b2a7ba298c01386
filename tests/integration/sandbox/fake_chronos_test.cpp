// SPDX-License-Identifier: Apache-2.0
// The fake Chronos over the wire, version by version.
#include "tests/sandbox/fake_chronos.hpp"

#include "served_json.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_integer;
using caretaker::testing::json_text;

class FakeChronosTest : public ::testing::Test {
 protected:
    void start(const std::string& version) {
        chronos_.reset();
        chronos_.emplace(platform_, *parse_chronos_version(version));
    }

    std::string url(const std::string& path) { return chronos_->url() + chronos_->prefix() + path; }

    HttpResponse post(const std::string& path, const std::string& body) {
        return asker_.send_json(HttpMethod::post, url(path), body);
    }

    static std::string scheduled(const std::string& name, const std::string& more = "") {
        return R"({"name":")" + name +
               R"(","command":"x","schedule":"R/2026-01-01T00:00:00Z/PT1H")" + more + "}";
    }

    static std::string dependent(const std::string& name, const std::string& parent) {
        return R"({"name":")" + name + R"(","command":"x","parents":[")" + parent + R"("]})";
    }

    const rapidjson::Document& jobs() {
        platform_.advance(std::chrono::seconds(1));
        return asker_.json(url("/jobs"));
    }

    FakePlatform platform_{PlatformState{.now_ms = 1'795'345'600'000}};
    ServiceAsker asker_{};
    std::optional<FakeChronos> chronos_{};
};

TEST_F(FakeChronosTest, ServesOnePrefixAlone) {
    start("2.5.0");
    EXPECT_EQ(asker_.get(chronos_->url() + "/scheduler/jobs").status, 200);
    EXPECT_EQ(asker_.get(chronos_->url() + "/v1/scheduler/jobs").status, 404);
    start("3.0.2");
    EXPECT_EQ(asker_.get(chronos_->url() + "/v1/scheduler/jobs").status, 200);
    EXPECT_EQ(asker_.get(chronos_->url() + "/scheduler/jobs").status, 404);
    EXPECT_EQ(asker_.get(chronos_->url() + "/ping").body, "pong");
}

TEST_F(FakeChronosTest, FillsInAndDropsMembers) {
    start("2.4.0");
    EXPECT_EQ(
        post("/iso8601", scheduled("a", R"(,"cpus":"0.5","mem":0,"concurrent":true,"owner":null)"))
            .status,
        204);
    const auto& job = jobs()[0];
    EXPECT_EQ(json_at(job, "cpus").GetDouble(), 0.5);
    EXPECT_EQ(json_at(job, "mem").GetDouble(), 128);
    EXPECT_EQ(json_text(job, "owner"), "null");
    EXPECT_EQ(json_text(job, "epsilon"), "PT60S");
    EXPECT_FALSE(job.HasMember("concurrent"));
    EXPECT_FALSE(job.HasMember("fetch"));
}

TEST_F(FakeChronosTest, MirrorsUrisAndFetch) {
    start("3.0.2");
    post("/iso8601", scheduled("a", R"(,"uris":["http://x/y.tgz"])"));
    const auto& job = jobs()[0];
    EXPECT_EQ(json_text(json_array(job, "fetch")[0], "uri"), "http://x/y.tgz");
    EXPECT_TRUE(json_at(json_array(job, "fetch")[0], "extract").GetBool());
    EXPECT_EQ(post("/iso8601", scheduled("b", R"(,"uris":["u"],"fetch":[{"uri":"u"}])")).status,
              400);
}

TEST_F(FakeChronosTest, ReplacesAJobWithItsCounters) {
    start("2.5.0");
    post("/iso8601", scheduled("a", R"(,"successCount":7)"));
    EXPECT_EQ(json_integer(jobs()[0], "successCount"), 7);
    post("/iso8601", scheduled("a"));
    EXPECT_EQ(json_integer(jobs()[0], "successCount"), 0);
}

TEST_F(FakeChronosTest, ListsAJobALittleLaterFromVersion3On) {
    start("3.0.2");
    post("/iso8601", scheduled("a"));
    EXPECT_EQ(asker_.json(url("/jobs")).Size(), 0U);
    EXPECT_EQ(jobs().Size(), 1U);
}

TEST_F(FakeChronosTest, RefusesAsEachVersionDoes) {
    start("2.5.0");
    EXPECT_EQ(post("/iso8601", R"({"command":"x"})").status, 500);
    EXPECT_EQ(post("/iso8601", scheduled("a/b")).status, 400);
    EXPECT_EQ(post("/iso8601", scheduled("with blank")).status, 204);
    EXPECT_EQ(post("/iso8601", R"({"name":"a","command":"x","schedule":"daily"})").body, "");
    EXPECT_EQ(post("/dependency", dependent("c", "nobody")).status, 400);
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/job/nobody")).status, 400);
    EXPECT_EQ(asker_.get(url("/job/with%20blank")).status, 405);
    start("3.0.2");
    EXPECT_EQ(post("/iso8601", scheduled("with blank")).status, 400);
    EXPECT_NE(post("/iso8601", R"({"name":"a","command":"x","schedule":"daily"})")
                  .body.find("Cannot parse schedule 'daily' (wtf bro)"),
              std::string::npos);
    EXPECT_EQ(asker_.send_json(HttpMethod::put, url("/iso8601"), scheduled("a")).status, 405);
}

TEST_F(FakeChronosTest, LosesAJobWithoutItsParentFromVersion3On) {
    start("3.0.2");
    EXPECT_EQ(post("/dependency", dependent("child", "parent")).status, 204);
    EXPECT_EQ(jobs().Size(), 0U);
    post("/iso8601", scheduled("parent"));
    EXPECT_EQ(jobs().Size(), 2U) << "its parent brings it back";
}

TEST_F(FakeChronosTest, EndsAtACycleFromVersion3On) {
    start("3.0.2");
    EXPECT_EQ(post("/dependency", dependent("self", "self")).status, 204);
    EXPECT_FALSE(asker_.fail_to_get(url("/jobs")).progress().answer_begun);
    start("2.5.0");
    EXPECT_EQ(post("/dependency", dependent("self", "self")).status, 400);
    EXPECT_EQ(jobs().Size(), 0U);
}

TEST_F(FakeChronosTest, MakesChildrenScheduledWhenTheirParentGoes) {
    start("2.5.0");
    post("/iso8601", scheduled("parent"));
    post("/dependency",
         R"({"name":"child","command":"x","parents":["parent"],"description":"mine"})");
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/job/parent")).status, 204);
    const auto& child = jobs()[0];
    EXPECT_EQ(json_text(child, "schedule"), "R/2026-01-01T00:00:00Z/PT1H");
    EXPECT_EQ(json_text(child, "description"), "");
    EXPECT_FALSE(child.HasMember("parents"));
}

TEST_F(FakeChronosTest, SearchesTenAtATime) {
    start("2.5.0");
    for (int i = 0; i < 12; ++i) {
        post("/iso8601", scheduled("job-" + std::to_string(i)));
    }
    EXPECT_EQ(asker_.json(url("/jobs/search?name=JOB")).Size(), 10U);
    EXPECT_EQ(asker_.json(url("/jobs/search?name=job&limit=100")).Size(), 12U);
    EXPECT_EQ(asker_.json(url("/jobs/search?name=job&offset=10")).Size(), 2U);
}

TEST_F(FakeChronosTest, ShowsItsGraphAndWhatWasStarted) {
    start("2.5.0");
    chronos_->with_state([](ChronosState& state) {
        fill_demo_jobs(state);
        return 0;
    });
    EXPECT_EQ(asker_.send(HttpMethod::put, url("/job/rotate")).status, 204);
    EXPECT_EQ(asker_.send(HttpMethod::put, url("/job/one-shot")).status, 204) << "it is disabled";
    EXPECT_EQ(asker_.get(url("/graph/csv")).body,
              "node,cleanup-old,failure,idle\n"
              "node,lag,fresh,idle\n"
              "node,one-shot,fresh,idle\n"
              "node,report,success,idle\n"
              "node,rotate,success,queued\n"
              "link,rotate,report\n");
    EXPECT_EQ(chronos_->with_state([](const ChronosState& state) { return state.started; }),
              std::vector<std::string>{"rotate"});
}

}  // namespace
}  // namespace caretaker::sandbox
