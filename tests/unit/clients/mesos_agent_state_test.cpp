// SPDX-License-Identifier: Apache-2.0
// What agents of many versions answered, and what is made of answers that are none.
#include "common/clients/mesos_agent_state.hpp"

#include "common/base/error.hpp"
#include "tests/support/scripted_http.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace caretaker {
namespace {

std::string recorded(const std::string& name) {
    std::ifstream file(std::string(CARETAKER_SOURCE_DIR) + "/tests/data/mesos/" + name + ".json");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

constexpr const char* small_state =
    R"({"id":"S1","flags":{"work_dir":"/var/lib/mesos"},"frameworks":[]})";

/// How the question fails; nothing when it does not.
std::optional<RemoteFailure> failure_of(ScriptedHttp& http) {
    try {
        MesosAgentClient(http).fetch_state();
        return std::nullopt;
    } catch (const RemoteError& error) {
        return error.failure();
    }
}

TEST(MesosAgentClient, TellsWhatRunsOnAgentsOfManyVersions) {
    struct Case {
        std::string state;
        std::string id;
        std::string work_dir;
        std::size_t executors;
    };

    for (const Case& one :
         {Case{"agent-state-0.19.0", "20140619-151434-16842879-5050-1196-0", "/tmp/mesos", 2},
          Case{"agent-state-0.27.0",
               "b3bd182c-c6d7-463e-8bf0-06cd5807df4e-S2",
               "/var/lib/mesos/agent",
               1},
          Case{"agent-state-1.12",
               "d7870425-68a8-48f7-82d0-9e3c32f8e183-S0",
               "/var/lib/mesos/agent1",
               5}}) {
        ScriptedHttp http;
        http.answer(HttpMethod::get, "/state", {.status = 200, .body = recorded(one.state)});
        const MesosAgentState state = MesosAgentClient(http).fetch_state();
        EXPECT_EQ(state.id, one.id);
        EXPECT_EQ(state.work_dir, one.work_dir);
        EXPECT_EQ(state.executors.size(), one.executors);
        EXPECT_EQ(state.containers.size(), one.executors);
        for (const MesosAgentExecutor& executor : state.executors) {
            EXPECT_TRUE(executor.directory.ends_with("/runs/" + executor.container));
        }
    }
}

TEST(MesosAgentClient, AddsContainersOfNoExecutor) {
    ScriptedHttp http;
    http.answer(HttpMethod::get, "/state", {.status = 200, .body = small_state});
    http.answer(HttpMethod::get,
                "/containers",
                {.status = 200, .body = recorded("agent-containers-1.4.1-S10")});
    EXPECT_EQ(MesosAgentClient(http).fetch_state().containers,
              (std::set<std::string>{"2b741b8e-d000-423d-9a59-e90dc8eee016",
                                     "17835742-b825-47dd-87b5-5a529d2c0fa1"}));
}

TEST(MesosAgentClient, IsAskedByItsOlderNamesWhenTheNewOneIsNotThere) {
    for (const char* path : {"/state.json", "/slave(1)/state", "/slave(1)/state.json"}) {
        ScriptedHttp http;
        http.answer(HttpMethod::get, path, {.status = 200, .body = small_state});
        EXPECT_EQ(MesosAgentClient(http).fetch_state().id, "S1") << path;
    }
}

TEST(MesosAgentClient, IsOutOfReachWhenItsAnswerIsNone) {
    const std::string whole = recorded("agent-state-1.12");
    for (const std::string& body : {std::string(),
                                    std::string("<html>"),
                                    std::string("{}"),
                                    std::string(R"({"id":"S1","flags":{}})"),
                                    std::string(R"({"id":"S1","flags":{"work_dir":"/x"}})"),
                                    whole.substr(0, whole.size() / 2)}) {
        ScriptedHttp http;
        http.answer(HttpMethod::get, "/state", {.status = 200, .body = body});
        EXPECT_EQ(failure_of(http), RemoteFailure::unreachable) << body.substr(0, 40);
    }
}

TEST(MesosAgentClient, FailsWhenOnlyTheContainersCannotBeHad) {
    ScriptedHttp http;
    http.answer(HttpMethod::get, "/state", {.status = 200, .body = small_state});
    http.answer(HttpMethod::get, "/containers", {.status = 200, .body = "[{}]"});
    EXPECT_EQ(failure_of(http), RemoteFailure::unreachable);
    ScriptedHttp broken;
    broken.answer(HttpMethod::get, "/state", {.status = 200, .body = small_state});
    broken.answer(HttpMethod::get, "/containers", {.status = 500});
    EXPECT_EQ(failure_of(broken), RemoteFailure::unreachable);
}

TEST(MesosAgentClient, SaysHowItRefuses) {
    const auto failure_by_status = [](int status) {
        ScriptedHttp http;
        http.answer(HttpMethod::get, "/state", {.status = status});
        return failure_of(http);
    };
    EXPECT_EQ(failure_by_status(401), RemoteFailure::denied);
    EXPECT_EQ(failure_by_status(503), RemoteFailure::unreachable);
    EXPECT_EQ(failure_by_status(500), RemoteFailure::unreachable);
    ScriptedHttp nothing;
    EXPECT_EQ(failure_of(nothing), RemoteFailure::unreachable) << "404 by every name";
}

}  // namespace
}  // namespace caretaker
