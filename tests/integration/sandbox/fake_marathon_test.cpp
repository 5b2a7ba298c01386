// SPDX-License-Identifier: Apache-2.0
// The fake Marathon over the wire, and that Mesos shows what it does.
#include "tests/sandbox/fake_marathon.hpp"

#include "served_json.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_integer;
using caretaker::testing::json_text;
using std::chrono::seconds;

class FakeMarathonTest : public ::testing::Test {
 protected:
    FakeMarathonTest() { start({}); }

    void start(FakeMarathonOptions options) {
        marathon_.reset();
        platform_.emplace(make_platform({.agents = 6, .apps = 4, .tasks_per_agent = 3}));
        marathon_.emplace(*platform_, options);
    }

    std::string url(const std::string& path) { return marathon_->url() + path; }

    HttpResponse put(const std::string& path, const std::string& body) {
        return asker_.send_json(HttpMethod::put, url(path), body);
    }

    /// A small app with `instances` running tasks.
    void create(const std::string& id, int instances, const std::string& more = "") {
        const HttpResponse response = asker_.send_json(
            HttpMethod::post,
            url("/v2/apps"),
            R"({"id":")" + id + R"(","cmd":"run","cpus":0.1,"mem":32,"instances":)" +
                std::to_string(instances) + more + "}");
        ASSERT_EQ(response.status, 201) << response.body;
        platform_->advance(seconds(10));
    }

    const rapidjson::Document& app(const std::string& id) {
        return asker_.json(url("/v2/apps" + id));
    }

    std::int64_t member(const std::string& id, const char* name) {
        return json_integer(json_at(app(id), "app"), name);
    }

    std::size_t deployments() { return asker_.json(url("/v2/deployments")).Size(); }

    ServiceAsker asker_{};
    std::optional<FakePlatform> platform_{};
    std::optional<FakeMarathon> marathon_{};
};

TEST_F(FakeMarathonTest, ScalesWhileItsClockGoes) {
    create("/test/a", 1);
    const HttpResponse response = put("/v2/apps//test/a", R"({"instances":3})");
    EXPECT_EQ(response.status, 200);
    const std::string id = json_text(asker_.keep_json(response.body), "deploymentId");
    const auto& running = asker_.json(url("/v2/deployments"));
    ASSERT_EQ(running.Size(), 1U);
    EXPECT_EQ(json_text(running[0], "id"), id);
    EXPECT_EQ(json_text(json_array(json_array(running[0], "steps")[0], "actions")[0], "action"),
              "ScaleApplication");
    EXPECT_EQ(member("/test/a", "tasksRunning"), 1);
    EXPECT_EQ(member("/test/a", "tasksStaged"), 2);
    platform_->advance(seconds(3));
    EXPECT_EQ(member("/test/a", "tasksRunning"), 3);
    EXPECT_EQ(deployments(), 0U);
}

TEST_F(FakeMarathonTest, MovesTheRightTimeOnly) {
    create("/test/a", 1);
    const auto& before = app("/test/a");
    put("/v2/apps/test/a", R"({"instances":2})");
    const auto& scaled = app("/test/a");
    const auto times = [](const rapidjson::Document& document, const char* name) {
        return json_text(json_at(json_at(document, "app"), "versionInfo"), name);
    };
    EXPECT_NE(times(before, "lastScalingAt"), times(scaled, "lastScalingAt"));
    EXPECT_EQ(times(before, "lastConfigChangeAt"), times(scaled, "lastConfigChangeAt"));
    platform_->advance(seconds(10));
    put("/v2/apps/test/a", R"({"mem":64})");
    EXPECT_NE(times(app("/test/a"), "lastConfigChangeAt"), times(scaled, "lastConfigChangeAt"));
}

TEST_F(FakeMarathonTest, RestartsTasksWhereMoreThanTheirNumberChanges) {
    create("/test/a", 2);
    const auto ids = [&] {
        std::set<std::string> found;
        for (const auto& task : json_array(asker_.json(url("/v2/apps/test/a/tasks")), "tasks")) {
            found.insert(json_text(task, "id"));
        }
        return found;
    };
    const auto before = ids();
    put("/v2/apps/test/a", R"({"env":{"A":"b"}})");
    EXPECT_EQ(ids().size(), 4U) << "the new ones start beside the old ones";
    platform_->advance(seconds(3));
    platform_->advance(seconds(3));
    const auto after = ids();
    EXPECT_EQ(after.size(), 2U);
    for (const std::string& id : before) {
        EXPECT_FALSE(after.contains(id));
    }
    EXPECT_EQ(deployments(), 0U);
}

TEST_F(FakeMarathonTest, LocksAnAppThatIsBeingDeployed) {
    create("/test/a", 1);
    const HttpResponse first = put("/v2/apps/test/a", R"({"instances":2})");
    const std::string id = json_text(asker_.keep_json(first.body), "deploymentId");
    const HttpResponse refused = put("/v2/apps/test/a", R"({"instances":0})");
    EXPECT_EQ(refused.status, 409);
    const auto& body = asker_.keep_json(refused.body);
    EXPECT_EQ(json_text(body, "message"),
              "App is locked by one or more deployments. Override with the option '?force=true'. "
              "View details at '/v2/deployments/" +
                  id + "'.");
    EXPECT_EQ(json_text(json_array(body, "deployments")[0], "id"), id);
    EXPECT_EQ(put("/v2/apps/test/a?force=true", R"({"instances":0})").status, 200);
    platform_->advance(seconds(5));
    EXPECT_EQ(member("/test/a", "tasksRunning"), 0);
    EXPECT_EQ(member("/test/a", "instances"), 0) << "suspended, not gone";
}

TEST_F(FakeMarathonTest, CreatesByPutButNotByPatch) {
    EXPECT_EQ(put("/v2/apps/test/new", R"({"cmd":"run","instances":0})").status, 201);
    EXPECT_EQ(put("/v2/apps/test/shell", R"({"instances":1})").status, 422);
    const HttpResponse patched =
        asker_.send_json(HttpMethod::patch, url("/v2/apps/test/other"), R"({"cmd":"run"})");
    EXPECT_EQ(patched.status, 404);
    EXPECT_EQ(patched.body, R"({"message":"App '/test/other' does not exist"})");
}

TEST_F(FakeMarathonTest, RefusesWhatIsNoDefinition) {
    create("/test/a", 1);
    EXPECT_EQ(put("/v2/apps/test/a", "{bad").status, 400);
    EXPECT_EQ(put("/v2/apps/test/a", R"({"instances":"2"})").status, 400);
    EXPECT_EQ(put("/v2/apps/test/a", R"({"instances":-1})").status, 422);
    EXPECT_EQ(put("/v2/apps/test/a", R"({"tasksRunning":1})").status, 422);
    EXPECT_EQ(put("/v2/apps/test/a", R"({"id":"/test/b"})").status, 422);
    EXPECT_EQ(put("/v2/apps/Test/A", R"({"id":"/Test/A","cmd":"run"})").status, 422);
    EXPECT_EQ(asker_.get(url("/v2/nothing")).status, 500);
    EXPECT_EQ(
        asker_.send_json(HttpMethod::post, url("/v2/apps"), R"({"id":"/test/a","cmd":"x"})").status,
        409);
}

TEST_F(FakeMarathonTest, DeletesAnAppWithItsTasks) {
    create("/test/a", 2);
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/v2/apps/test/a")).status, 200);
    EXPECT_EQ(asker_.get(url("/v2/apps/test/a")).status, 200) << "its tasks end first";
    platform_->advance(seconds(2));
    EXPECT_EQ(asker_.get(url("/v2/apps/test/a")).status, 404);
    EXPECT_EQ(deployments(), 0U);
}

TEST_F(FakeMarathonTest, GoesBackToAnEarlierVersion) {
    create("/test/a", 1);
    const std::string first = json_text(json_at(app("/test/a"), "app"), "version");
    put("/v2/apps/test/a", R"({"mem":64})");
    platform_->advance(seconds(10));
    EXPECT_EQ(member("/test/a", "mem"), 64);
    EXPECT_EQ(put("/v2/apps/test/a", R"({"version":")" + first + R"("})").status, 200);
    EXPECT_EQ(member("/test/a", "mem"), 32);
    EXPECT_EQ(put("/v2/apps/test/a?force=true", R"({"version":"2001-01-01T00:00:00.000Z"})").status,
              404);
    EXPECT_EQ(json_array(asker_.json(url("/v2/apps/test/a/versions")), "versions").Size(), 3U);
}

TEST_F(FakeMarathonTest, RollsADeploymentBackOrDropsIt) {
    create("/test/a", 1);
    const auto deploy = [&] {
        return json_text(asker_.keep_json(put("/v2/apps/test/a", R"({"instances":5})").body),
                         "deploymentId");
    };
    std::string id = deploy();
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/v2/deployments/" + id)).status, 200);
    platform_->advance(seconds(10));
    EXPECT_EQ(member("/test/a", "tasksRunning"), 1);
    id = deploy();
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/v2/deployments/" + id + "?force=true")).status,
              202);
    EXPECT_EQ(member("/test/a", "instances"), 5) << "no way back";
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/v2/deployments/nope")).status, 404);
}

TEST_F(FakeMarathonTest, QueuesWhatFindsNoPlaceAndSaysWhy) {
    create("/test/a", 20, R"(,"constraints":[["hostname","UNIQUE"]])");
    const auto& queue = asker_.json(url("/v2/queue"));
    const auto waiting = json_array(queue, "queue");
    const auto& entry = *std::ranges::find_if(waiting, [](const auto& candidate) {
        return json_text(json_at(candidate, "app"), "id") == "/test/a";
    });
    EXPECT_GT(json_integer(entry, "count"), 0);
    EXPECT_TRUE(json_at(json_at(entry, "delay"), "overdue").GetBool());
    bool is_explained = false;
    const auto& summary = json_at(entry, "processedOffersSummary");
    for (const auto& reason : json_array(summary, "rejectSummaryLastOffers")) {
        is_explained = is_explained || (json_text(reason, "reason") == "UnfulfilledConstraint" &&
                                        json_integer(reason, "declined") > 0);
    }
    EXPECT_TRUE(is_explained);
    EXPECT_EQ(deployments(), 1U) << "it waits for ever";
}

TEST_F(FakeMarathonTest, StartsAnotherTaskWhereOneIsKilled) {
    create("/test/a", 2);
    const std::string task =
        json_text(json_array(asker_.json(url("/v2/apps/test/a/tasks")), "tasks")[0], "id");
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/v2/apps/test/a/tasks/" + task)).status, 200);
    platform_->advance(seconds(10));
    EXPECT_EQ(member("/test/a", "tasksRunning"), 2);
    EXPECT_EQ(asker_.send(HttpMethod::del, url("/v2/apps/test/a/tasks?scale=true")).status, 200);
    platform_->advance(seconds(10));
    EXPECT_EQ(member("/test/a", "instances"), 0);
    EXPECT_EQ(member("/test/a", "tasksRunning"), 0);
}

TEST_F(FakeMarathonTest, ShowsInMesosWhatRuns) {
    const FakeMesos mesos(*platform_);
    create("/test/a", 3);
    const auto count = [&] {
        std::size_t found = 0;
        for (const auto& framework :
             json_array(asker_.json(mesos.url() + "/state"), "frameworks")) {
            for (const auto& task : json_array(framework, "tasks")) {
                found += json_text(task, "name") == "a.test" ? 1U : 0U;
            }
        }
        return found;
    };
    EXPECT_EQ(count(), 3U);
    put("/v2/apps/test/a", R"({"instances":1})");
    platform_->advance(seconds(5));
    EXPECT_EQ(count(), 1U);
}

TEST_F(FakeMarathonTest, EmbedsWhatIsAskedFor) {
    create("/test/a", 1);
    const auto& plain = json_array(asker_.json(url("/v2/apps?id=/test/a")), "apps");
    ASSERT_EQ(plain.Size(), 1U);
    EXPECT_FALSE(plain[0].HasMember("tasks"));
    const auto& listed =
        asker_.json(url("/v2/apps?id=/test/a&embed=apps.tasks&embed=apps.taskStats"));
    EXPECT_EQ(json_array(json_array(listed, "apps")[0], "tasks").Size(), 1U);
    EXPECT_TRUE(json_array(listed, "apps")[0].HasMember("taskStats"));
    EXPECT_EQ(json_array(asker_.json(url("/v2/apps/test/*")), "*").Size(), 1U);
}

TEST_F(FakeMarathonTest, ShowsGroupsAsATree) {
    create("/test/deep/a", 0);
    const auto& group = asker_.json(url("/v2/groups/test"));
    EXPECT_EQ(json_text(group, "id"), "/test");
    EXPECT_EQ(json_text(json_array(json_array(group, "groups")[0], "apps")[0], "id"),
              "/test/deep/a");
    EXPECT_EQ(asker_.get(url("/v2/groups/nope")).status, 404);
}

TEST_F(FakeMarathonTest, AnswersThroughEveryInstanceWhileOneLeads) {
    start({.instances = 2});
    const HttpResponse own = asker_.get(marathon_->url(0) + "/v2/info");
    EXPECT_EQ(own.header("X-Marathon-Via"), "");
    const HttpResponse passed = asker_.get(marathon_->url(1) + "/v2/info");
    EXPECT_NE(passed.header("X-Marathon-Via"), "");
    EXPECT_EQ("http://" + json_text(asker_.keep_json(passed.body), "leader"), marathon_->url(0));
    marathon_->set_leader(std::nullopt);
    EXPECT_EQ(asker_.get(url("/v2/apps")).status, 502);
    EXPECT_EQ(asker_.get(url("/ping")).body, "pong");
}

TEST_F(FakeMarathonTest, KnowsOldVersions) {
    start({.version = "1.4.8"});
    marathon_->set_leader(std::nullopt);
    EXPECT_EQ(asker_.get(url("/v2/apps")).status, 503);
    start({.version = "0.8.0"});
    marathon_->set_leader(std::nullopt);
    EXPECT_EQ(json_array(asker_.json(url("/v2/apps")), "apps").Size(), 0U)
        << "it answers for itself and knows nothing";
    EXPECT_FALSE(json_at(asker_.json(url("/v2/info")), "elected").GetBool());
    marathon_->set_leader(0);
    create("/test/a", 1);
    put("/v2/apps/test/a", R"({"instances":2})");
    const auto& deployments = asker_.json(url("/v2/deployments"));
    EXPECT_TRUE(json_array(deployments[0], "steps")[0].IsArray()) << "without a wrapper in 0.x";
}

TEST_F(FakeMarathonTest, LosesAnAppBetweenTwoRequests) {
    create("/test/a", 1);
    marathon_->http().set_fault("event:name=gone:/test/a,method=PUT,times=1");
    EXPECT_EQ(put("/v2/apps/test/a", R"({"instances":0})").status, 422)
        << "a fragment is no definition";
    EXPECT_EQ(asker_.get(url("/v2/apps/test/a")).status, 404);
}

TEST_F(FakeMarathonTest, DoesWhatItIsAskedThoughTheAnswerIsLost) {
    create("/test/a", 1);
    marathon_->http().set_fault("lost:method=PUT,times=1");
    EXPECT_THROW(put("/v2/apps/test/a", R"({"instances":0})"), HttpError);
    EXPECT_EQ(member("/test/a", "instances"), 0);
}

TEST_F(FakeMarathonTest, ListsTasksByState) {
    create("/test/a", 1);
    put("/v2/apps/test/a", R"({"instances":2})");
    const auto count = [&](const std::string& query) {
        std::size_t found = 0;
        for (const auto& task : json_array(asker_.json(url("/v2/tasks" + query)), "tasks")) {
            found += json_text(task, "appId") == "/test/a" ? 1U : 0U;
        }
        return found;
    };
    EXPECT_EQ(count(""), 2U);
    EXPECT_EQ(count("?status=running"), 1U);
    EXPECT_EQ(count("?status[]=staging"), 1U);
    const HttpResponse text =
        asker_.send(HttpMethod::get, url("/v2/tasks"), "", {{"Accept", "text/plain"}});
    EXPECT_NE(text.body.find("test_a\t"), std::string::npos);
}

}  // namespace
}  // namespace caretaker::sandbox
