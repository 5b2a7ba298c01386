// SPDX-License-Identifier: Apache-2.0
// Which containers, images and volumes go.
#include "jobs/cleanup/docker_plan.hpp"

#include "jobs/cleanup/docker_image_plan.hpp"
#include "jobs/cleanup/docker_memory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

const DockerTime now{1767225600s};

Words names_of(const DockerPlan& plan) {
    Words names;
    for (const PlannedRemoval& removal : plan.removals) {
        names.push_back(removal.name);
    }
    return names;
}

DockerContainer ended(const std::string& name, std::chrono::seconds ago) {
    return {.id = "id-" + name,
            .name = name,
            .image = "app:1",
            .image_id = "i-" + name,
            .state = "exited",
            .created = now - 100 * 24h,
            .finished = now - ago};
}

class DockerContainers : public ::testing::Test {
 protected:
    [[nodiscard]] Words plan() const { return names_of(plan_containers(facts_, policy_)); }

    DockerFacts facts_{.now = now};
    ContainerPolicy policy_{
        .older_than = 1h, .mesos_older_than = 7h, .states = {"exited", "dead", "created"}};
};

TEST_F(DockerContainers, GoByTheTimeSinceTheyEndedAndNotSinceTheyWereMade) {
    facts_.containers = {ended("equal", 3600s), ended("longer", 3601s), ended("just", 1s)};
    EXPECT_EQ(plan(), Words{"longer"});
    EXPECT_EQ(plan_containers(facts_, policy_).removals[0].reason, "ended 1 h ago, limit 1h");
}

TEST_F(DockerContainers, ThatNeverStartedGoByTheTimeTheyWereMade) {
    DockerContainer fresh{.id = "1", .name = "fresh", .state = "created", .created = now - 30min};
    DockerContainer old{.id = "2", .name = "old", .state = "created", .created = now - 2h};
    facts_.containers = {fresh, old};
    EXPECT_EQ(plan(), Words{"old"});
}

TEST_F(DockerContainers, InAnyOtherStateStay) {
    for (const char* state : {"running", "paused", "restarting", "removing", "", "new-state"}) {
        DockerContainer container = ended("x", 10h);
        container.state = state;
        facts_.containers = {container};
        EXPECT_TRUE(plan().empty()) << state;
    }
    policy_.states = {"dead"};
    facts_.containers = {ended("x", 10h)};
    EXPECT_TRUE(plan().empty());
}

TEST_F(DockerContainers, ThatAreExcludedStay) {
    facts_.containers = {ended("team/db-1", 10h)};
    policy_.exclude_names = {"*db*"};
    EXPECT_TRUE(plan().empty()) << "a star matches slashes";
    policy_.exclude_names.clear();
    policy_.exclude_images = {"app:*"};
    EXPECT_TRUE(plan().empty());
    facts_.containers[0].image = "sha256:1";
    EXPECT_EQ(plan().size(), 1U);
    facts_.containers[0].asked_image = "app:1";
    EXPECT_TRUE(plan().empty()) << "its tag has moved since";
    policy_.exclude_images.clear();
    facts_.containers[0].labels = {{"keep", "yes"}};
    policy_.exclude_labels = {"other", "keep=yes"};
    EXPECT_TRUE(plan().empty()) << "one label is enough";
    policy_.exclude_labels = {"keep=no"};
    EXPECT_EQ(plan().size(), 1U);
}

TEST_F(DockerContainers, ThatOthersBorrowFromStayWithThem) {
    DockerContainer user = ended("user", 1s);
    user.borrows = {"data"};
    DockerContainer data = ended("data", 10h);
    data.borrows = {"id-base"};
    facts_.containers = {ended("base", 10h), data, user, ended("free", 10h)};
    EXPECT_EQ(plan(), Words{"free"});
    facts_.containers[2].finished = now - 10h;
    EXPECT_EQ(plan().size(), 4U) << "they may all go together";
}

TEST_F(DockerContainers, OfMesosStayAsLongAsTheAgentNeedsThem) {
    const std::string name = "mesos-a7f2ba2b-5c1e-4a6a-9d0e-0123456789ab";
    facts_.containers = {ended(name, 6h)};
    EXPECT_TRUE(plan().empty());
    facts_.containers = {ended(name, 8h)};
    EXPECT_EQ(plan().size(), 1U);
}

TEST(MesosContainer, IsToldByItsName) {
    const std::string uuid = "a7f2ba2b-5c1e-4a6a-9d0e-0123456789ab";
    EXPECT_TRUE(is_mesos_container("mesos-" + uuid));
    EXPECT_TRUE(is_mesos_container("mesos-20150101-000000-1-5050-1-S0." + uuid));
    EXPECT_TRUE(is_mesos_container("mesos-b3bd182c-S2." + uuid + ".executor"));
    for (const std::string& name : {std::string("mesos-master"),
                                    std::string("mesos-"),
                                    "x-mesos-" + uuid,
                                    "mesos-" + uuid + "0",
                                    "mesos-" + uuid.substr(1)}) {
        EXPECT_FALSE(is_mesos_container(name)) << name;
    }
}

class DockerImages : public ::testing::Test {
 protected:
    DockerImage& image(const std::string& id, const Words& tags, std::chrono::hours unused) {
        facts_.images.push_back({.id = id, .tags = tags, .size = 100});
        facts_.image_memory[id] = {.first_seen = now - 1000h, .last_used = now - unused};
        return facts_.images.back();
    }

    [[nodiscard]] Words plan(const std::vector<PlannedRemoval>& gone = {}) const {
        return names_of(plan_images(facts_, policy_, gone));
    }

    DockerFacts facts_{.now = now};
    ImagePolicy policy_{.older_than = 24h, .dangling_older_than = 1h};
};

TEST_F(DockerImages, GoByTheirLastUseHere) {
    image("a", {"a:1"}, 24h);
    image("b", {"b:1"}, 25h);
    EXPECT_EQ(plan(), Words{"b:1"});
}

TEST_F(DockerImages, ThatWereJustPulledStayHoweverOldTheyAre) {
    image("a", {"a:1"}, 25h).tagged = now - 1h;
    EXPECT_TRUE(plan().empty());
}

TEST_F(DockerImages, ThatNothingIsKnownOfAreYoung) {
    facts_.images.push_back({.id = "a", .tags = {"a:1"}});
    EXPECT_TRUE(plan().empty());
    facts_.image_memory["a"] = {.first_seen = now - 25h};
    EXPECT_EQ(plan(), Words{"a:1"}) << "then the first time that they were seen counts";
}

TEST_F(DockerImages, InUseKeepAllTheirTags) {
    image("a", {"a:1", "a:2"}, 25h);
    facts_.containers = {ended("c", 1s)};
    facts_.containers[0].image_id = "a";
    EXPECT_TRUE(plan().empty());
    EXPECT_EQ(plan({{.kind = DockerKind::container, .id = "id-c"}}), (Words{"a:1", "a:2"}))
        << "unless the container goes";
}

TEST_F(DockerImages, KeepTheNewestTagsOfEachRepository) {
    policy_.keep_newest_tags = 1;
    image("a", {"registry:5000/app:1"}, 50h);
    image("b", {"registry:5000/app:2"}, 40h);
    image("c", {"other:1"}, 90h);
    EXPECT_EQ(plan(), Words{"registry:5000/app:1"});
}

TEST_F(DockerImages, ThatAreExcludedStay) {
    image("a", {"base/a:1"}, 25h);
    image("b", {"b:1"}, 25h).labels = {{"keep", ""}};
    policy_.exclude = {"base/*"};
    policy_.exclude_labels = {"keep"};
    EXPECT_TRUE(plan().empty());
}

TEST_F(DockerImages, WithoutATagGoSoonerAndByTheirId) {
    image("dangling", {}, 2h);
    EXPECT_EQ(plan(), Words{"dangling"});
    facts_.images[0].digests = {"app@sha256:d"};
    EXPECT_TRUE(plan().empty()) << "a digest is a name";
    facts_.image_memory["dangling"].last_used = now - 25h;
    EXPECT_EQ(plan(), Words{"app@sha256:d"});
}

TEST_F(DockerImages, GoByAllThatKeepsThem) {
    image("a", {"r:5000/app:1", "r:5000/app:2"}, 25h).digests = {"r:5000/app@sha256:d",
                                                                 "other@sha256:d"};
    EXPECT_EQ(plan(), (Words{"r:5000/app:1", "r:5000/app:2", "other@sha256:d"}))
        << "a digest goes with the last tag of its repository";
}

TEST_F(DockerImages, ThatOthersAreBuiltOnStayWithThem) {
    image("base", {"base:1"}, 25h);
    image("inner", {}, 25h).parent = "base";
    image("top", {"top:1"}, 1h).parent = "inner";
    EXPECT_TRUE(plan().empty());
    facts_.image_memory["top"].last_used = now - 25h;
    EXPECT_EQ(plan(), (Words{"top:1", "base:1"})) << "children first, inner layers never";
}

TEST_F(DockerImages, GoLeastRecentlyUsedFirstUntilTheRestFits) {
    policy_.older_than = 1000h;
    policy_.max_total_size = 250;
    image("a", {"a:1"}, 3h);
    image("b", {"b:1"}, 5h);
    image("c", {"c:1"}, 4h).shared = 50;
    EXPECT_TRUE(plan().empty()) << "250 bytes are within 250";
    policy_.max_total_size = 249;
    EXPECT_EQ(plan(), Words{"b:1"});
    policy_.max_total_size = 1;
    EXPECT_EQ(plan().size(), 3U);
}

TEST_F(DockerImages, GoLeastRecentlyUsedFirstWhileTheDiskOfTheEngineIsShort) {
    policy_.older_than = 1000h;
    policy_.only_below_free = 20;
    image("a", {"a:1"}, 3h);
    image("b", {"b:1"}, 5h);
    image("c", {"c:1"}, 4h).shared = 50;
    facts_.disk = {.free = 200, .total = 1000};
    EXPECT_TRUE(plan().empty()) << "200 of 1000 are 20 %";
    facts_.disk.free = 199;
    EXPECT_EQ(plan(), Words{"b:1"});
    facts_.disk.free = 99;
    EXPECT_EQ(plan(), (Words{"b:1", "c:1"}));
    policy_.older_than = 4h;  // b goes for its age, and what it frees counts
    facts_.disk.free = 100;
    EXPECT_EQ(plan(), Words{"b:1"});
    facts_.disk = {};
    policy_.older_than = 1000h;
    EXPECT_TRUE(plan().empty()) << "how much is free is not known";
}

TEST(DockerRepository, IsWhatComesBeforeTheTag) {
    EXPECT_EQ(repository_of("app:1"), "app");
    EXPECT_EQ(repository_of("registry:5000/app:1.2"), "registry:5000/app");
    EXPECT_EQ(repository_of("registry:5000/app"), "registry:5000/app");
    EXPECT_EQ(repository_of("app"), "app");
    EXPECT_EQ(repository_of("r:5000/app@sha256:ab"), "r:5000/app");
    EXPECT_EQ(repository_of("app:1@sha256:ab"), "app");
}

class DockerVolumes : public ::testing::Test {
 protected:
    void volume(const std::string& name, std::chrono::hours unused) {
        facts_.volumes.push_back({.name = name, .driver = "local"});
        facts_.volume_memory[name] = {.first_seen = now - unused};
    }

    [[nodiscard]] Words plan() const { return names_of(plan_volumes(facts_, policy_, {})); }

    const std::string anonymous_ = std::string(64, 'a');
    DockerFacts facts_{.now = now};
    VolumePolicy policy_{.older_than = 24h};
};

TEST_F(DockerVolumes, WithoutANameGoAfterTheirTimeWithoutAContainer) {
    volume(anonymous_, 25h);
    volume(std::string(64, 'b'), 24h);
    volume("named", 99h);
    EXPECT_EQ(plan(), Words{anonymous_});
    policy_.anonymous_only = false;
    EXPECT_EQ(plan(), (Words{anonymous_, "named"}));
}

TEST_F(DockerVolumes, AreToldAnonymousByTheirLabelToo) {
    volume("x", 25h);
    EXPECT_TRUE(plan().empty());
    facts_.volumes[0].labels = {{"com.docker.volume.anonymous", ""}};
    EXPECT_EQ(plan(), Words{"x"});
}

TEST_F(DockerVolumes, ThatMayLieElsewhereStay) {
    volume(anonymous_, 25h);
    facts_.volumes[0].has_options = true;
    EXPECT_TRUE(plan().empty());
    facts_.volumes[0].has_options = false;
    facts_.volumes[0].driver = "nfs";
    EXPECT_TRUE(plan().empty());
}

TEST_F(DockerVolumes, ThatAContainerHasOrNothingIsKnownOfStay) {
    volume(anonymous_, 25h);
    facts_.containers = {ended("c", 1s)};
    facts_.containers[0].volumes = {anonymous_};
    EXPECT_TRUE(plan().empty());
    facts_.containers.clear();
    facts_.volume_memory.clear();
    EXPECT_TRUE(plan().empty());
}

TEST(DockerMemory, RemembersImagesInUseAndThoseSeenFirst) {
    DockerFacts facts{.containers = {ended("c", 1s)}, .images = {{.id = "i-c"}, {.id = "new"}}};
    facts.now = now;
    const DockerMemories after =
        remember_images(facts, {{"i-c", {.first_seen = now - 9h}}, {"gone", {}}});
    ASSERT_EQ(after.size(), 2U);
    EXPECT_EQ(after.at("i-c").last_used, now);
    EXPECT_EQ(after.at("i-c").first_seen, now - 9h);
    EXPECT_EQ(after.at("new").first_seen, now);
    EXPECT_EQ(after.at("new").last_used, std::nullopt);
}

TEST(DockerMemory, ForgetsAVolumeThatIsUsedAgain) {
    DockerFacts facts{.containers = {ended("c", 1s)}, .volumes = {{.name = "v"}, {.name = "w"}}};
    facts.now = now;
    facts.containers[0].volumes = {"v"};
    const DockerMemories after =
        remember_volumes(facts, {{"v", {.first_seen = now - 9h}}, {"w", {.first_seen = now - 8h}}});
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after.at("w").first_seen, now - 8h);
}

TEST(DockerMemory, IsReadAsItWasWritten) {
    for (const DockerMemory& memory : {DockerMemory{.first_seen = now},
                                       DockerMemory{.first_seen = now, .last_used = now + 1h}}) {
        const auto read = decode_docker_memory(encode_docker_memory(memory));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->first_seen, memory.first_seen);
        EXPECT_EQ(read->last_used, memory.last_used);
    }
    for (const char* text : {"", "-", "1", "x -", "1 x", "1  2", "1 2 3"}) {
        EXPECT_FALSE(decode_docker_memory(text)) << text;
    }
}

}  // namespace
}  // namespace caretaker
