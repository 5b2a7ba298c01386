// SPDX-License-Identifier: Apache-2.0
// What a Docker Engine answers, over versions of its API.
#include "common/clients/docker_engine.hpp"

#include "common/base/error.hpp"
#include "common/clients/docker_answers.hpp"
#include "common/http/http_error.hpp"
#include "common/json/json_document.hpp"
#include "tests/support/scripted_http.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;
using Outcome = DockerRemoval::Outcome;

HttpResponse answer(std::string body) {
    return {.status = 200, .body = std::move(body)};
}

/// An Engine of that version.
ScriptedHttp engine(const std::string& newest = "1.41", const std::string& oldest = "1.12") {
    ScriptedHttp http;
    http.answer(HttpMethod::get,
                "/version",
                answer(R"({"ApiVersion":")" + newest + R"(","MinAPIVersion":")" + oldest + "\"}"));
    return http;
}

TEST(DockerEngine, SpeaksTheNewestVersionThatBothKnow) {
    struct Case {
        std::string newest;
        std::string oldest;
        std::string path;
    };

    for (const Case& one : {Case{"1.41", "1.12", "/v1.41/volumes"},
                            Case{"1.24", "1.12", "/v1.24/volumes"},
                            Case{"1.54", "1.40", "/v1.51/volumes"},
                            Case{"1.51", "1.44", "/v1.51/volumes"}}) {
        ScriptedHttp http = engine(one.newest, one.oldest);
        http.answer(HttpMethod::get, one.path, answer(R"({"Volumes":null})"));
        EXPECT_TRUE(DockerEngine(http).fetch_volumes().empty());
        EXPECT_EQ(http.requests().back().url, one.path);
    }
}

TEST(DockerEngine, IsOutOfReachWithoutACommonVersion) {
    for (const auto& [newest, oldest] :
         {std::pair("1.23", "1.12"), std::pair("1.60", "1.52"), std::pair("2.0", "2.0")}) {
        ScriptedHttp http = engine(newest, oldest);
        try {
            DockerEngine(http).fetch_volumes();
            FAIL() << newest;
        } catch (const RemoteError& error) {
            EXPECT_EQ(error.failure(), RemoteFailure::unreachable);
            EXPECT_NE(std::string(error.what()).find("1.24 to 1.51"), std::string::npos);
        }
    }
}

TEST(DockerEngine, ReadsContainersWithTheirDetails) {
    ScriptedHttp http = engine();
    http.answer(HttpMethod::get, "/v1.41/containers/json?all=1", answer(R"([
        {"Id":"c1","Names":["/web"],"Image":"app:1","ImageID":"sha256:i1","State":"exited",
         "Created":1767225600,"Labels":{"team":"ads"}},
        {"Id":"c2","Names":["/new"],"Image":"app:1","ImageID":"sha256:i1","State":"created",
         "Created":1767225600,"Labels":null},
        {"Id":"gone","Names":null,"Image":"x","ImageID":"y","State":"exited","Created":1}])"));
    http.answer(HttpMethod::get, "/v1.41/containers/c1/json", answer(R"({"Image":"sha256:i1",
        "State":{"Status":"exited","FinishedAt":"2026-01-02T00:00:00.123456789Z"},
        "Mounts":[{"Type":"volume","Name":"v1"},{"Type":"bind","Source":"/x"}],
        "HostConfig":{"VolumesFrom":["data:ro"],"NetworkMode":"container:net","PidMode":"",
                      "IpcMode":"private"}})"));
    http.answer(HttpMethod::get, "/v1.41/containers/c2/json", answer(R"({"Image":"sha256:i1",
        "State":{"Status":"created","FinishedAt":"0001-01-01T00:00:00Z"},
        "HostConfig":{"VolumesFrom":null,"NetworkMode":"default"}})"));
    const auto containers = DockerEngine(http).fetch_containers();
    ASSERT_EQ(containers.size(), 2U) << "one was gone between the two questions";
    EXPECT_EQ(containers[0].name, "web");
    EXPECT_EQ(containers[0].labels, (DockerLabels{{"team", "ads"}}));
    EXPECT_EQ(containers[0].volumes, Words{"v1"});
    EXPECT_EQ(containers[0].borrows, (Words{"data", "net"}));
    EXPECT_EQ(containers[0].finished, DockerTime(1767312000123ms));
    EXPECT_EQ(containers[1].finished, std::nullopt);
    EXPECT_EQ(containers[1].created, DockerTime(1767225600s));
}

TEST(DockerEngine, ReadsImagesOfEveryForm) {
    ScriptedHttp http = engine();
    http.answer(HttpMethod::get, "/v1.41/images/json?all=1", answer(R"([
        {"Id":"i1","ParentId":"i0","RepoTags":["app:1"],"RepoDigests":["app@sha256:d"],"Size":100,
         "SharedSize":-1,"Labels":{"a":"b"}},
        {"Id":"i2","ParentId":"","RepoTags":["<none>:<none>"],"RepoDigests":["<none>@<none>"],
         "Size":5,"SharedSize":3,"Labels":null},
        {"Id":"i0","ParentId":"","RepoTags":null,"RepoDigests":null,"Size":50}])"));
    http.answer(HttpMethod::get,
                "/v1.41/images/i1/json",
                answer(R"({"Metadata":{"LastTagTime":"2026-01-02T00:00:00Z"}})"));
    http.answer(HttpMethod::get,
                "/v1.41/images/i2/json",
                answer(R"({"Metadata":{"LastTagTime":"0001-01-01T00:00:00Z"},"Parent":"i0"})"));
    const auto images = DockerEngine(http).fetch_images();
    ASSERT_EQ(images.size(), 3U);
    EXPECT_EQ(images[0].tags, Words{"app:1"});
    EXPECT_EQ(images[0].digests, Words{"app@sha256:d"});
    EXPECT_EQ(images[0].shared, 0U);
    EXPECT_EQ(images[0].tagged, DockerTime(1767312000s));
    EXPECT_TRUE(images[1].tags.empty());
    EXPECT_TRUE(images[1].digests.empty());
    EXPECT_EQ(images[1].tagged, std::nullopt);
    EXPECT_EQ(images[1].parent, "i0");
    EXPECT_EQ(http.requests().size(), 4U) << "inner layers are not asked about";
}

TEST(DockerEngine, ReadsVolumes) {
    ScriptedHttp http = engine();
    http.answer(HttpMethod::get, "/v1.41/volumes", answer(R"({"Volumes":[
        {"Name":"a","Driver":"local","Options":null,"Labels":{"x":""}},
        {"Name":"nfs","Driver":"local","Options":{"type":"nfs"},"Labels":null}]})"));
    const auto volumes = DockerEngine(http).fetch_volumes();
    ASSERT_EQ(volumes.size(), 2U);
    EXPECT_FALSE(volumes[0].has_options);
    EXPECT_TRUE(volumes[1].has_options);
}

TEST(DockerEngine, RemovesWithoutForceByTheAgreedVersion) {
    ScriptedHttp http = engine();
    DockerEngine docker(http);
    docker.remove_container("c1", true);
    docker.remove_container("c1", false);
    docker.remove_image("registry:5000/app:1.2");
    docker.remove_image("app@sha256:ab");
    docker.remove_volume("a b");
    Words asked;
    for (const HttpRequest& request : http.requests()) {
        if (request.method == HttpMethod::del) {
            asked.push_back(request.url);
        }
    }
    EXPECT_EQ(asked,
              (Words{"/v1.41/containers/c1?v=1",
                     "/v1.41/containers/c1",
                     "/v1.41/images/registry:5000/app:1.2?noprune=false",
                     "/v1.41/images/app@sha256:ab?noprune=false",
                     "/v1.41/volumes/a%20b"}));
}

HttpError silence() {
    return {HttpFault::timeout,
            RemoteFailure::unreachable,
            "timeout",
            "no answer within 10m",
            {.request_sent = true}};
}

TEST(DockerEngine, LooksUpWhatARemovalWithoutAnAnswerDid) {
    ScriptedHttp http = engine();
    DockerEngine docker(http);
    http.fail(HttpMethod::del, "/v1.41/images/app:1?noprune=false", silence());
    http.fail(HttpMethod::del, "/v1.41/containers/c1", silence());
    http.answer(HttpMethod::get, "/v1.41/containers/c1/json", answer("{}"));
    EXPECT_EQ(docker.remove_image("app:1").outcome, DockerRemoval::Outcome::done)
        << "it is not there any more";
    const DockerRemoval container = docker.remove_container("c1", false);
    EXPECT_EQ(container.outcome, DockerRemoval::Outcome::failed);
    EXPECT_EQ(container.message, "no answer within 10m; it is still there");
}

TEST(DockerEngine, IsOutOfReachWhenItCannotBeLookedUp) {
    ScriptedHttp http = engine();
    DockerEngine docker(http);
    http.fail(HttpMethod::del, "/v1.41/volumes/v", silence());
    http.fail(HttpMethod::get, "/v1.41/volumes/v", silence());
    EXPECT_THROW(docker.remove_volume("v"), RemoteError);
}

TEST(DockerEngine, AsksForSharedSizesWhereTheEngineKnowsThem) {
    ScriptedHttp newer = engine("1.42");
    newer.answer(HttpMethod::get,
                 "/v1.42/images/json?all=1&shared-size=1",
                 answer(R"([{"Id":"a","Size":100,"SharedSize":60,"RepoTags":["a:1"]}])"));
    newer.answer(HttpMethod::get, "/v1.42/images/a/json", answer("{}"));
    EXPECT_EQ(DockerEngine(newer).fetch_images(true).at(0).shared, 60U);
    ScriptedHttp older = engine("1.41");
    older.answer(HttpMethod::get, "/v1.41/images/json?all=1", answer("[]"));
    EXPECT_TRUE(DockerEngine(older).fetch_images(true).empty());
}

TEST(DockerEngine, KnowsWhatAContainerWasMadeByThoughTheTagIsGone) {
    DockerContainer container;
    const auto details = JsonDocument::parse(
        R"({"Image":"sha256:1","State":{},"Config":{"Image":"app:1"}})", "details");
    add_container_details(details.root(), container);
    EXPECT_EQ(container.asked_image, "app:1");
}

TEST(JudgeDockerRemoval, TellsWhatBecameOfIt) {
    const auto outcome = [](int status, std::string message) {
        return judge_docker_removal(
            {.status = status, .body = R"({"message":")" + std::move(message) + "\"}"});
    };
    EXPECT_EQ(outcome(204, "").outcome, Outcome::done);
    EXPECT_EQ(outcome(200, "").outcome, Outcome::done);
    EXPECT_EQ(outcome(404, "No such container: x").outcome, Outcome::done);
    EXPECT_EQ(outcome(409, "removal of container x is already in progress").outcome, Outcome::done);
    EXPECT_EQ(outcome(400, "removal of container x is already in progress").outcome, Outcome::done);
    EXPECT_EQ(outcome(409, "You cannot remove a running container").outcome, Outcome::changed);
    EXPECT_EQ(outcome(409, "conflict: image has dependent child images").outcome, Outcome::changed);
    EXPECT_EQ(outcome(400, "bad parameter").outcome, Outcome::failed);
    const DockerRemoval busy =
        outcome(500, "driver \\\"overlay\\\" failed to remove root filesystem: busy");
    EXPECT_EQ(busy.outcome, Outcome::failed);
    EXPECT_EQ(busy.message, "driver \"overlay\" failed to remove root filesystem: busy");
    EXPECT_EQ(judge_docker_removal({.status = 500, .body = "plain\nwords"}).message, "plain");
    EXPECT_EQ(judge_docker_removal({.status = 500}).message,
              "the Engine answered 500 without a word");
}

TEST(ParseDockerTime, HasNoneForTheZeroTime) {
    EXPECT_EQ(parse_docker_time("0001-01-01T00:00:00Z"), std::nullopt);
    EXPECT_EQ(parse_docker_time(""), std::nullopt);
    EXPECT_EQ(parse_docker_time("2026-01-01T01:00:00.5+01:00"), DockerTime(1767225600500ms));
}

TEST(DockerBuildCache, IsReadFromTheSizesOfAll) {
    ScriptedHttp http = engine();
    http.answer(HttpMethod::get,
                "/v1.41/system/df?type=build-cache",
                answer(R"({"LayersSize":1,"BuildCache":[)"
                       R"({"ID":"a","Type":"regular","InUse":true,"Shared":false,"Size":7,)"
                       R"("CreatedAt":"2026-01-01T00:00:00Z","LastUsedAt":null},)"
                       R"({"ID":"b","InUse":false,"Shared":true,"Size":8,)"
                       R"("CreatedAt":"2026-01-01T00:00:00Z",)"
                       R"("LastUsedAt":"2026-02-01T00:00:00Z"}]})"));
    const auto records = DockerEngine(http).fetch_build_cache();
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].size, 7U);
    EXPECT_TRUE(records[0].in_use);
    EXPECT_EQ(records[0].last_used, parse_docker_time("2026-01-01T00:00:00Z"));
    EXPECT_TRUE(records[1].shared);
    EXPECT_EQ(records[1].last_used, parse_docker_time("2026-02-01T00:00:00Z"));
}

TEST(DockerBuildCache, IsNullWhereItIsEmpty) {
    ScriptedHttp http = engine();
    http.answer(
        HttpMethod::get, "/v1.41/system/df?type=build-cache", answer(R"({"BuildCache":null})"));
    EXPECT_TRUE(DockerEngine(http).fetch_build_cache().empty());
}

TEST(DockerBuildCache, IsNotThereBefore139) {
    ScriptedHttp http = engine("1.38");
    EXPECT_TRUE(DockerEngine(http).fetch_build_cache().empty());
    EXPECT_EQ(http.requests().size(), 1U);
}

TEST(DockerBuildCache, IsPrunedByTheNameThatTheVersionHasForIt) {
    for (const auto& [version, name] :
         {std::pair("1.47", "keep-storage"), std::pair("1.48", "reserved-space")}) {
        ScriptedHttp http = engine(version);
        const std::string path = std::string("/v") + version + "/build/prune?all=1&" + name +
                                 "=100&filters=%7B%22until%22:%5B%223600s%22%5D%7D";
        http.answer(
            HttpMethod::post, path, answer(R"({"CachesDeleted":null,"SpaceReclaimed":42})"));
        const DockerCachePrune prune = DockerEngine(http).prune_build_cache(1h, 100);
        EXPECT_EQ(prune.removal.outcome, Outcome::done);
        EXPECT_EQ(prune.freed, 42U);
    }
}

TEST(DockerBuildCache, IsLeftWhereSomebodyElsePrunes) {
    ScriptedHttp http = engine();
    http.answer(HttpMethod::post,
                "/v1.41/build/prune?all=1&keep-storage=0&filters=%7B%22until%22:%5B%2260s%22%5D%7D",
                {.status = 409, .body = R"({"message":"a prune operation is already running"})"});
    EXPECT_EQ(DockerEngine(http).prune_build_cache(1min, 0).removal.outcome, Outcome::changed);
}

}  // namespace
}  // namespace caretaker
