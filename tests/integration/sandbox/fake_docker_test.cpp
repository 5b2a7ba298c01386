// SPDX-License-Identifier: Apache-2.0
// The fake Docker Engine over its socket.
#include "tests/sandbox/fake_docker.hpp"

#include "common/base/error.hpp"
#include "served_json.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <set>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_integer;
using caretaker::testing::json_text;

class FakeDockerTest : public ::testing::Test {
 protected:
    FakeDockerTest() {
        start([](DockerState&) {});
    }

    void start(const std::function<void(DockerState&)>& change) {
        docker_.reset();
        DockerState state = make_docker_host({});
        change(state);
        docker_.emplace(std::move(state), folder_.file("docker.sock"));
    }

    static std::string url(const std::string& path) { return "http://docker" + path; }

    const rapidjson::Document& json(const std::string& path) { return asker_.json(url(path)); }

    HttpResponse remove(const std::string& path) { return asker_.send(HttpMethod::del, url(path)); }

    HttpResponse post(const std::string& path) { return asker_.send(HttpMethod::post, url(path)); }

    std::string message(const HttpResponse& response) {
        return json_text(asker_.keep_json(response.body), "message");
    }

    /// The id of the container of that name.
    std::string id_of(std::string_view name) {
        return docker_->with_state(
            [&](const DockerState& state) { return state.find_container(name)->id; });
    }

    std::string find_container(const std::function<bool(const FakeContainer&)>& wanted) {
        return docker_->with_state([&](const DockerState& state) {
            for (const auto& [id, container] : state.containers) {
                if (wanted(container)) {
                    return id;
                }
            }
            return std::string();
        });
    }

    TempDir folder_{};
    ServiceAsker asker_{folder_.file("docker.sock")};
    std::optional<FakeDocker> docker_{};
};

TEST_F(FakeDockerTest, AgreesOnAVersion) {
    const HttpResponse ping = asker_.get(url("/_ping"));
    EXPECT_EQ(ping.body, "OK");
    EXPECT_EQ(ping.header("Api-Version"), "1.43");
    const auto& version = json("/version");
    EXPECT_EQ(json_text(version, "ApiVersion"), "1.43");
    EXPECT_EQ(json_text(version, "MinAPIVersion"), "1.12");
    const HttpResponse newer = asker_.get(url("/v1.99/info"));
    EXPECT_EQ(newer.status, 400);
    EXPECT_EQ(message(newer),
              "client version 1.99 is too new. Maximum supported API version is 1.43");
    EXPECT_EQ(message(asker_.get(url("/v1.11/info"))),
              "client version 1.11 is too old. Minimum supported API version is 1.12, please "
              "upgrade your client to a newer version");
    EXPECT_EQ(asker_.get(url("/v1.24/info")).status, 200);
    EXPECT_EQ(message(asker_.get(url("/v1.24/nothing"))), "page not found");
}

TEST_F(FakeDockerTest, ListsContainersByStateAndLabel) {
    const auto& running = json("/v1.43/containers/json");
    for (const auto& container : running.GetArray()) {
        EXPECT_TRUE(json_text(container, "State") == "running" ||
                    json_text(container, "State") == "paused");
        EXPECT_EQ(json_array(container, "Names")[0].GetString()[0], '/');
    }
    EXPECT_GT(json("/v1.43/containers/json?all=1").Size(), running.Size());
    EXPECT_EQ(json(R"(/v1.43/containers/json?filters={"status":["created"]})").Size(), 1U);
    EXPECT_EQ(
        json(R"(/v1.43/containers/json?all=1&filters={"label":{"caretaker.keep":true}})").Size(),
        1U);
    const HttpResponse unknown = asker_.get(url(R"(/v1.43/containers/json?filters={"x":["y"]})"));
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(message(unknown), "invalid filter 'x'");
}

TEST_F(FakeDockerTest, TellsThatAContainerWasNeverStarted) {
    const auto& container =
        json("/v1.43/containers/" + std::string(demo_docker::never_started) + "/json");
    EXPECT_EQ(json_text(json_at(container, "State"), "FinishedAt"), "0001-01-01T00:00:00Z");
    EXPECT_EQ(json_text(container, "Name"), "/migration");
    EXPECT_EQ(message(asker_.get(url("/v1.43/containers/nope/json"))), "No such container: nope");
}

TEST_F(FakeDockerTest, RemovesWhatHasEndedAndItsAnonymousVolumes) {
    const std::string id = find_container([](const FakeContainer& container) {
        return container.state == "exited" && !container.mounts.empty() &&
               container.mounts[0].name.size() == 64;
    });
    const std::string volume = docker_->with_state(
        [&](const DockerState& state) { return state.containers.at(id).mounts[0].name; });
    EXPECT_EQ(remove("/v1.43/volumes/" + volume).status, 409);
    EXPECT_EQ(remove("/v1.43/containers/" + id + "?v=1").status, 204);
    EXPECT_EQ(remove("/v1.43/containers/" + id + "?v=1").status, 404);
    EXPECT_EQ(asker_.get(url("/v1.43/volumes/" + volume)).status, 404);
    EXPECT_EQ(
        remove("/v1.43/containers/" + std::string(demo_docker::data_container) + "?v=1").status,
        204);
    EXPECT_EQ(asker_.get(url("/v1.43/volumes/" + std::string(demo_docker::named_volume))).status,
              200);
}

TEST_F(FakeDockerTest, RefusesToRemoveWhatRuns) {
    const HttpResponse paused = remove("/v1.43/containers/" + std::string(demo_docker::paused));
    EXPECT_EQ(paused.status, 409);
    EXPECT_EQ(message(paused),
              "You cannot remove a paused container " + id_of(demo_docker::paused) +
                  ". Unpause and then stop the container before attempting removal or force "
                  "remove");
    const std::string removing =
        find_container([](const FakeContainer& container) { return container.state == "exited"; });
    docker_->with_state([&](DockerState& state) {
        state.containers.at(removing).state = "removing";
        return 0;
    });
    EXPECT_EQ(message(remove("/v1.43/containers/" + removing)),
              "removal of container " + removing + " is already in progress");
}

TEST_F(FakeDockerTest, StartsAContainerJustBeforeItIsRemoved) {
    const std::string name(demo_docker::never_started);
    docker_->http().set_fault("event:name=start:" + name + ",method=DELETE,times=1");
    EXPECT_EQ(remove("/v1.43/containers/" + name).status, 409);
    docker_->http().set_fault("event:name=gone:" + name + ",method=DELETE,times=1");
    EXPECT_EQ(remove("/v1.43/containers/" + name).status, 404);
}

std::string first_tag_of_unused(const DockerState& state) {
    for (const auto& [id, image] : state.images) {
        bool is_used = false;
        for (const auto& [key, container] : state.containers) {
            is_used = is_used || container.image_id == id;
        }
        if (!is_used && image.tags.size() == 1 && image.parent.empty()) {
            return image.tags[0];
        }
    }
    return "";
}

TEST_F(FakeDockerTest, RemovesImagesByTheirNames) {
    const std::string tag = docker_->with_state(first_tag_of_unused);
    ASSERT_NE(tag, "");
    const auto& removed = asker_.keep_json(remove("/v1.43/images/" + tag).body);
    EXPECT_EQ(json_text(removed[0], "Untagged"), tag);
    EXPECT_TRUE(removed[removed.Size() - 1].HasMember("Deleted"));
    EXPECT_EQ(message(remove("/v1.43/images/" + tag)), "No such image: " + tag);
}

TEST_F(FakeDockerTest, IsNotAsCarefulWithImagesAsOneMightThink) {
    const std::string tag(demo_docker::two_names);
    const std::string id =
        docker_->with_state([&](const DockerState& state) { return state.find_image(tag)->id; });
    EXPECT_NE(message(remove("/v1.43/images/" + id)).find("referenced in multiple repositories"),
              std::string::npos);
    EXPECT_EQ(remove("/v1.43/images/" + tag).status, 200) << "though containers run it";
    const HttpResponse last = remove("/v1.43/images/base-java:latest");
    EXPECT_EQ(last.status, 409);
    EXPECT_NE(message(last).find("(must force) - container"), std::string::npos);
}

TEST_F(FakeDockerTest, KeepsParentsOfWhatStays) {
    const std::string parent = docker_->with_state(
        [](const DockerState& state) { return state.find_image("tools/report:old")->parent; });
    EXPECT_NE(message(remove("/v1.43/images/" + parent)).find("image has dependent child images"),
              std::string::npos);
    const auto& removed = asker_.keep_json(remove("/v1.43/images/tools/report:old").body);
    EXPECT_EQ(json_text(removed[removed.Size() - 1], "Deleted"), parent)
        << "it goes with the child";
}

TEST_F(FakeDockerTest, ShowsImagesAsEachVersionDoes) {
    const auto dangling = [&](const std::string& version) -> const rapidjson::Document& {
        return json("/" + version + R"(/images/json?filters={"dangling":["true"]})");
    };
    start([](DockerState& state) { state.max_api = {52}; });
    const auto& old = dangling("v1.42");
    ASSERT_GT(old.Size(), 0U);
    EXPECT_STREQ(json_array(old[0], "RepoTags")[0].GetString(), "<none>:<none>");
    EXPECT_TRUE(old[0].HasMember("VirtualSize"));
    const auto& recent = dangling("v1.44");
    EXPECT_EQ(json_array(recent[0], "RepoTags").Size(), 0U);
    EXPECT_FALSE(recent[0].HasMember("VirtualSize"));
    EXPECT_EQ(json_integer(recent[0], "Containers"), -1);
    EXPECT_EQ(json_integer(dangling("v1.51")[0], "Containers"), 0);
}

TEST_F(FakeDockerTest, PrunesAsUnwiselyAsARealOne) {
    const auto deleted = [&](const std::string& path, const char* list) {
        const auto& answer = asker_.keep_json(post(path).body);
        const auto& names = json_at(answer, list);
        return names.IsNull() ? 0U : names.Size();
    };
    EXPECT_EQ(deleted(R"(/v1.43/containers/prune?filters={"until":["24"]})", "ContainersDeleted"),
              0U)
        << "24 is a second of 1970";
    const std::string recent = find_container([](const FakeContainer& container) {
        return container.state == "exited" &&
               container.finished_ms > DockerScenario().now_ms - 3'600'000;
    });
    EXPECT_GT(deleted(R"(/v1.43/containers/prune?filters={"until":["24h"]})", "ContainersDeleted"),
              0U);
    EXPECT_EQ(asker_.get(url("/v1.43/containers/" + recent + "/json")).status, 404)
        << "it ended a minute ago, but was made long before";
    EXPECT_EQ(deleted("/v1.43/volumes/prune", "VolumesDeleted") > 0, true);
    EXPECT_EQ(asker_.get(url("/v1.43/volumes/unused-data")).status, 200);
    EXPECT_GT(deleted("/v1.41/volumes/prune", "VolumesDeleted"), 0U) << "named ones too";
    EXPECT_EQ(asker_.get(url("/v1.43/volumes/unused-data")).status, 404);
    docker_->with_state([](DockerState& state) {
        state.is_pruning = true;
        return 0;
    });
    EXPECT_EQ(message(post("/v1.43/images/prune")), "a prune operation is already running");
}

TEST_F(FakeDockerTest, PrunesTheBuildCacheByLastUse) {
    const auto cache = [&] {
        std::size_t count = 0;
        for (const auto& record : json_array(json("/v1.43/system/df"), "BuildCache")) {
            count += json_text(record, "ID").empty() ? 0U : 1U;
        }
        return count;
    };
    EXPECT_EQ(cache(), 12U);
    const auto& first =
        asker_.keep_json(post(R"(/v1.43/build/prune?all=1&filters={"until":["168h"]})").body);
    EXPECT_GT(json_array(first, "CachesDeleted").Size(), 0U);
    EXPECT_GT(json_integer(first, "SpaceReclaimed"), 0);
    const std::size_t left = cache();
    EXPECT_LT(left, 12U);
    post("/v1.43/build/prune?all=1&keep-storage=1");
    EXPECT_EQ(cache(), 1U) << "the one in use";
}

TEST_F(FakeDockerTest, ShowsUsageInBothForms) {
    start([](DockerState& state) { state.max_api = {53}; });
    const auto& both = json("/v1.52/system/df");
    EXPECT_TRUE(both.HasMember("Images"));
    EXPECT_GT(json_integer(json_at(both, "ImageUsage"), "TotalCount"), 0);
    const auto& recent = json("/v1.53/system/df?type=volume&verbose=1");
    EXPECT_FALSE(recent.HasMember("Volumes"));
    EXPECT_FALSE(recent.HasMember("ImageUsage"));
    EXPECT_GT(json_array(json_at(recent, "VolumeUsage"), "Items").Size(), 0U);
    EXPECT_TRUE(json("/v1.41/system/df?type=volume").HasMember("Images")) << "not known then";
}

TEST_F(FakeDockerTest, RemovesVolumesThatNobodyHas) {
    EXPECT_EQ(remove("/v1.43/volumes/unused-data").status, 204);
    EXPECT_EQ(message(remove("/v1.43/volumes/unused-data")), "get unused-data: no such volume");
    EXPECT_EQ(remove("/v1.43/volumes/unused-data?force=1").status, 204);
    const HttpResponse used = remove("/v1.43/volumes/" + std::string(demo_docker::named_volume));
    EXPECT_EQ(used.status, 409);
    EXPECT_EQ(
        json_array(json(R"(/v1.43/volumes?filters={"name":["nfs-backup"]})"), "Volumes").Size(),
        1U);
}

TEST_F(FakeDockerTest, GuardsItsNetworks) {
    EXPECT_EQ(remove("/v1.43/networks/bridge").status, 403);
    EXPECT_EQ(remove("/v1.43/networks/monitoring").status, 204);
    EXPECT_EQ(remove("/v1.43/networks/monitoring").status, 404);
    EXPECT_EQ(json("/v1.43/networks").Size(), 3U);
}

TEST_F(FakeDockerTest, TellsWhatHappened) {
    remove("/v1.43/containers/" + std::string(demo_docker::never_started));
    const HttpResponse events =
        asker_.get(url(R"(/v1.43/events?since=1&until=9999999999&filters={"type":["container"]})"));
    const auto& event = asker_.keep_json(events.body.substr(0, events.body.find('\n')));
    EXPECT_EQ(json_text(event, "Action"), "destroy");
    EXPECT_EQ(json_text(json_at(json_at(event, "Actor"), "Attributes"), "name"), "migration");
}

TEST_F(FakeDockerTest, CutsAnAnswerInTheMiddle) {
    docker_->http().set_fault("half:path=*/system/df,times=1");
    EXPECT_EQ(asker_.fail_to_get(url("/v1.43/system/df")).fault(), HttpFault::cut);
}

TEST_F(FakeDockerTest, TakesItsSocketAlongAndNobodyElses) {
    EXPECT_THROW(FakeDocker(DockerState(), folder_.file("docker.sock")), UsageError);
    EXPECT_THROW(FakeDocker(DockerState(), folder_.file(std::string(200, 'x'))), UsageError);
    docker_.reset();
    EXPECT_FALSE(std::filesystem::exists(folder_.file("docker.sock")));
}

}  // namespace
}  // namespace caretaker::sandbox
