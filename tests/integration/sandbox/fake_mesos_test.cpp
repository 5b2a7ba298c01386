// SPDX-License-Identifier: Apache-2.0
// The fake Mesos over the wire, beside what a real one sent.
#include "tests/sandbox/fake_mesos.hpp"

#include "common/text/base64.hpp"
#include "served_json.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/json.hpp"
#include "tests/support/json_shape.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_number;
using caretaker::testing::json_shape;
using caretaker::testing::json_text;
using caretaker::testing::missing_shape;
using Shape = std::set<std::string>;

const std::set<std::string_view> maps{"attributes",
                                      "reserved_resources",
                                      "reserved_resources_full",
                                      "reserved_resources_allocated",
                                      "flags"};

class FakeMesosTest : public ::testing::Test {
 protected:
    void start(ClusterOptions cluster, FakeMesosOptions options = {}) {
        platform_.emplace(make_platform(cluster));
        mesos_.emplace(*platform_, options);
    }

    void start_version(int major, int minor, FakeMesosOptions options = {}) {
        start({.agents = 110, .tasks_per_agent = 6, .version = {major, minor, 0}}, options);
    }

    const rapidjson::Document& json(const std::string& path, std::size_t master = 0) {
        return asker_.json(mesos_->url(master) + path);
    }

    HttpResponse v1(const std::string& body) {
        return asker_.send_json(HttpMethod::post, mesos_->url() + "/api/v1", body);
    }

    /// Members that the real one has and ours lacks.
    Shape lacks(const rapidjson::Document& ours, std::string_view recorded) {
        return missing_shape(json_shape(ours, maps),
                             json_shape(asker_.keep_json(read_recorded_body(recorded)), maps));
    }

    ServiceAsker asker_{};
    std::optional<FakePlatform> platform_{};
    std::optional<FakeMesos> mesos_{};
};

TEST_F(FakeMesosTest, ShowsAgentsWithTheMembersOfRealOnes) {
    start_version(1, 12);
    const auto& slaves = json("/slaves");
    EXPECT_EQ(lacks(slaves, "mesos/slaves-1.12-eight-agents.http"), Shape());
    EXPECT_EQ(lacks(slaves, "mesos/slaves-1.12-draining.http"), Shape());
    EXPECT_EQ(lacks(asker_.keep_json(v1(R"({"type":"GET_AGENTS"})").body),
                    "mesos/v1-agents-1.12-draining.http"),
              Shape());
}

TEST_F(FakeMesosTest, ShowsRolesWithTheMembersOfRealOnes) {
    start_version(1, 12);
    const std::set<std::string_view> amounts{
        "allocated", "offered", "reserved", "consumed", "resources", "guarantee", "limit"};
    EXPECT_EQ(
        missing_shape(
            json_shape(json("/roles"), amounts),
            json_shape(asker_.keep_json(read_recorded_body("mesos/roles-1.12-eight-agents.http")),
                       amounts)),
        Shape());
}

TEST_F(FakeMesosTest, ShowsTheStateWithTheMembersOfARealOne) {
    start_version(1, 12);
    const Shape lacking = lacks(json("/state"), "mesos/state-1.12-three-agents.http");
    EXPECT_EQ(lacking, Shape());
    EXPECT_EQ(
        lacks(asker_.json(mesos_->agent_url(1) + "/slave(1)/state"), "mesos/agent-state-1.12.http"),
        Shape());
    EXPECT_EQ(lacks(json("/frameworks"), "mesos/frameworks-1.12-unreachable.http"), Shape());
}

std::int64_t milli(const rapidjson::Value& object, const char* name) {
    return object.HasMember(name) ? std::llround(object[name].GetDouble() * 1'000) : 0;
}

TEST_F(FakeMesosTest, ReservesNoMoreThanThereIs) {
    start_version(1, 11);
    std::size_t reserved = 0;
    for (const auto& agent : json_array(json("/slaves"), "slaves")) {
        for (const char* const name : {"cpus", "mem", "disk", "gpus"}) {
            std::int64_t sum = milli(json_at(agent, "unreserved_resources"), name);
            for (const auto& role : json_at(agent, "reserved_resources").GetObject()) {
                sum += milli(role.value, name);
                ++reserved;
            }
            EXPECT_EQ(sum, milli(json_at(agent, "resources"), name))
                << json_text(agent, "hostname") << " " << name;
            EXPECT_GE(milli(json_at(agent, "resources"), name),
                      milli(json_at(agent, "used_resources"), name) +
                          milli(json_at(agent, "offered_resources"), name));
        }
    }
    EXPECT_GT(reserved, 0U);
}

TEST_F(FakeMesosTest, UsesWhatItsTasksAndExecutorsTake) {
    start_version(1, 11);
    std::map<std::string, std::int64_t> cpus;
    const auto& state = json("/state");
    for (const auto& framework : json_array(state, "frameworks")) {
        for (const char* const list : {"tasks", "executors"}) {
            for (const auto& task : json_array(framework, list)) {
                cpus[json_text(task, "slave_id")] += milli(json_at(task, "resources"), "cpus");
            }
        }
    }
    for (const auto& agent : json_array(state, "slaves")) {
        EXPECT_EQ(milli(json_at(agent, "used_resources"), "cpus"), cpus[json_text(agent, "id")]);
    }
}

TEST_F(FakeMesosTest, KnowsOldVersionsByTheirPathsAndMembers) {
    start_version(0, 22);
    EXPECT_EQ(asker_.get(mesos_->url() + "/master/state").status, 404);
    EXPECT_EQ(asker_.get(mesos_->url() + "/master/maintenance/status").status, 404);
    const auto& state = json("/master/state.json");
    const auto& agent = json_array(state, "slaves")[0];
    EXPECT_FALSE(agent.HasMember("used_resources"));
    EXPECT_TRUE(json_at(json_at(agent, "resources"), "mem").IsInt64()) << "no point in 0.x";
    mesos_.reset();
    start_version(1, 1);
    const auto& slaves = json("/slaves");
    EXPECT_TRUE(json_array(slaves, "slaves")[0].HasMember("used_resources_full"));
    EXPECT_FALSE(json_array(slaves, "slaves")[0].HasMember("unreserved_resources_full"));
    EXPECT_FALSE(slaves.HasMember("recovered_slaves"));
    mesos_.reset();
    start_version(1, 9);
    EXPECT_EQ(asker_.get(mesos_->url() + "/state.json").status, 404);
}

TEST_F(FakeMesosTest, LeadsFromAnotherMasterToTheLeader) {
    start_version(1, 11, {.masters = 3});
    mesos_->set_leader(2);
    const auto location = [&](const std::string& path) {
        const HttpResponse response = asker_.get(mesos_->url() + path);
        EXPECT_EQ(response.status, 307) << path;
        return std::string(response.header("Location"));
    };
    const std::string leader = mesos_->url(2).substr(std::string("http:").size());
    EXPECT_EQ(location("/slaves?slave_id=a"), leader + "/master/slaves?slave_id=a");
    EXPECT_EQ(location("/state"), leader + "/master/state");
    EXPECT_EQ(location("/redirect"), leader);
    EXPECT_EQ(v1(R"({"type":"GET_AGENTS"})").status, 307);
    EXPECT_EQ(json_text(json_at(json("/flags"), "flags"), "cluster"), "sandbox");
    EXPECT_EQ(json_number(json("/metrics/snapshot"), "master/elected"), 0);
    EXPECT_EQ(json_number(json("/metrics/snapshot", 2), "master/elected"), 1);
}

TEST_F(FakeMesosTest, AnswersWithoutAgentsWhereAnOldMasterDoesNotLead) {
    start_version(0, 28, {.masters = 2});
    const auto& state = json("/state", 1);
    EXPECT_EQ(json_array(state, "slaves").Size(), 0U);
    EXPECT_EQ(json_array(state, "frameworks").Size(), 0U);
    EXPECT_NE(json_text(state, "leader"), json_text(state, "pid"));
    EXPECT_EQ(json_array(json("/slaves", 1), "slaves").Size(), 0U);
}

TEST_F(FakeMesosTest, SaysThatNobodyLeads) {
    start_version(1, 11);
    mesos_->set_leader(std::nullopt);
    for (const char* const path : {"/slaves", "/state", "/redirect", "/roles"}) {
        const HttpResponse response = asker_.get(mesos_->url() + path);
        EXPECT_EQ(response.status, 503) << path;
        EXPECT_EQ(response.body, "No leader elected");
    }
    EXPECT_EQ(asker_.get(mesos_->url() + "/health").status, 200);
    platform_->change([](PlatformState& state) {
        state.mesos.leader = 0;
        state.mesos.is_recovering = true;
        return 0;
    });
    EXPECT_EQ(asker_.get(mesos_->url() + "/slaves").body, "Master has not finished recovery");
}

TEST_F(FakeMesosTest, ChangesItsLeaderBetweenTwoDocuments) {
    start_version(1, 11, {.masters = 2});
    mesos_->http().set_fault("event:name=leader-1,path=/slaves,times=1");
    EXPECT_EQ(asker_.get(mesos_->url() + "/roles").status, 200);
    EXPECT_EQ(asker_.get(mesos_->url() + "/slaves").status, 307);
    EXPECT_EQ(asker_.get(mesos_->url(1) + "/slaves").status, 200);
}

TEST_F(FakeMesosTest, AsksForALogin) {
    start({.agents = 2}, {.login = MesosLogin{"ops", "secret"}});
    const HttpResponse refused = asker_.get(mesos_->url() + "/slaves");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.header("WWW-Authenticate"), R"(Basic realm="mesos-master-readonly")");
    EXPECT_EQ(v1(R"({"type":"GET_AGENTS"})").header("WWW-Authenticate"),
              R"(Basic realm="mesos-master-readwrite")");
    EXPECT_EQ(asker_.get(mesos_->url() + "/health").status, 200);
    EXPECT_EQ(asker_
                  .send(HttpMethod::get,
                        mesos_->url() + "/slaves",
                        "",
                        {{"Authorization", "Basic " + encode_base64("ops:secret")}})
                  .status,
              200);
}

TEST_F(FakeMesosTest, HidesRolesFromWhoMayNotSeeThem) {
    start_version(1, 11);
    platform_->change([](PlatformState& state) {
        state.mesos.hidden_roles = {"logs"};
        return 0;
    });
    std::int64_t hidden = 0;
    for (const auto& agent : json_array(json("/slaves"), "slaves")) {
        EXPECT_FALSE(json_at(agent, "reserved_resources").HasMember("logs"));
        std::int64_t sum = milli(json_at(agent, "unreserved_resources"), "cpus");
        for (const auto& role : json_at(agent, "reserved_resources").GetObject()) {
            sum += milli(role.value, "cpus");
        }
        hidden += milli(json_at(agent, "resources"), "cpus") - sum;
    }
    EXPECT_GT(hidden, 0);
}

TEST_F(FakeMesosTest, RefusesCallsAsARealOneDoes) {
    start({.agents = 2});
    const std::string url = mesos_->url() + "/api/v1";
    EXPECT_EQ(asker_.get(url).status, 405);
    EXPECT_EQ(asker_.get(url).header("Allow"), "POST");
    EXPECT_EQ(asker_.send(HttpMethod::post, url, "{}", {{"Content-Type", "text/plain"}}).status,
              415);
    EXPECT_EQ(v1("{bad").status, 400);
    EXPECT_EQ(v1("[]").body, "Failed to convert JSON into Call protobuf: Expecting a JSON object");
    EXPECT_EQ(v1(R"({"type":"GET_NOTHING"})").body,
              "Failed to validate master::Call: Expecting 'type' to be present");
    EXPECT_EQ(v1(R"({"type":"GET_METRICS"})").body,
              "Failed to validate master::Call: Expecting 'get_metrics' to be present");
    EXPECT_EQ(v1(R"({"type":"GET_METRICS","get_metrics":{}})").status, 200);
}

TEST_F(FakeMesosTest, AnswersEveryReadingCall) {
    start_version(1, 11);
    for (const std::string_view type : {"GET_AGENTS",
                                        "GET_TASKS",
                                        "GET_FRAMEWORKS",
                                        "GET_EXECUTORS",
                                        "GET_ROLES",
                                        "GET_STATE",
                                        "GET_MASTER",
                                        "GET_FLAGS",
                                        "GET_QUOTA",
                                        "GET_WEIGHTS",
                                        "GET_VERSION",
                                        "GET_HEALTH",
                                        "GET_LOGGING_LEVEL",
                                        "GET_OPERATIONS",
                                        "GET_MAINTENANCE_SCHEDULE",
                                        "GET_MAINTENANCE_STATUS"}) {
        const HttpResponse response = v1(R"({"type":")" + std::string(type) + R"("})");
        ASSERT_EQ(response.status, 200) << type;
        EXPECT_EQ(json_text(asker_.keep_json(response.body), "type"), type);
    }
}

TEST_F(FakeMesosTest, CutsListsOfTasksAtAHundredUnlessAskedFor) {
    start({.agents = 20});
    EXPECT_EQ(json_array(json("/tasks"), "tasks").Size(), 100U);
    EXPECT_GT(json_array(json("/tasks?limit=100000"), "tasks").Size(), 100U);
    EXPECT_EQ(json_array(json("/tasks?limit=3&offset=1&order=asc"), "tasks").Size(), 3U);
}

TEST_F(FakeMesosTest, BreaksOffInTheMiddleOfALargeDocument) {
    start({.agents = 200});
    mesos_->http().set_fault("half:path=/slaves,times=1");
    EXPECT_EQ(asker_.fail_to_get(mesos_->url() + "/slaves").fault(), HttpFault::cut);
    EXPECT_EQ(json_array(json("/slaves"), "slaves").Size() > 150, true);
}

TEST_F(FakeMesosTest, RefusesSomeDocumentsAlone) {
    start({.agents = 2});
    mesos_->http().set_fault("status:code=403,path=*/slaves*");
    EXPECT_EQ(asker_.get(mesos_->url() + "/master/slaves").status, 403);
    EXPECT_EQ(asker_.get(mesos_->url() + "/master/state").status, 200);
    mesos_->http().clear_faults();
    EXPECT_EQ(asker_.get(mesos_->url() + "/master/slaves").status, 200);
}

TEST_F(FakeMesosTest, SendsMoreThanAnybodyWants) {
    start({.agents = 2});
    mesos_->http().set_fault("huge:mib=3,path=/slaves");
    const HttpResponse response = asker_.get(mesos_->url() + "/slaves");
    EXPECT_GT(response.body.size(), 3U << 20U);
    EXPECT_EQ(json_array(asker_.keep_json(response.body), "slaves").Size(), 2U);
}

TEST_F(FakeMesosTest, TellsWhatAnAgentRuns) {
    start({.agents = 3});
    const auto& state = asker_.json(mesos_->agent_url(1) + "/state");
    std::size_t executors = 0;
    for (const auto& framework : json_array(state, "frameworks")) {
        for (const auto& executor : json_array(framework, "executors")) {
            EXPECT_EQ(json_text(executor, "directory")
                          .find("/var/lib/mesos/slaves/" + json_text(state, "id")),
                      0U);
            ++executors;
        }
    }
    const auto& statistics = asker_.json(mesos_->agent_url(1) + "/monitor/statistics");
    EXPECT_EQ(statistics.Size(), executors);
    EXPECT_EQ(asker_.get(mesos_->agent_url(1) + "/nope").status, 404);
}

TEST_F(FakeMesosTest, WrapsDocumentsForScripts) {
    start({.agents = 1});
    const HttpResponse response = asker_.get(mesos_->url() + "/slaves?jsonp=cb");
    EXPECT_EQ(response.header("Content-Type"), "text/javascript");
    EXPECT_TRUE(response.body.starts_with("cb({"));
    EXPECT_TRUE(response.body.ends_with("})"));
}

}  // namespace
}  // namespace caretaker::sandbox
