// SPDX-License-Identifier: Apache-2.0
// What the Engine's own prune calls do against what one expects of them, each beside what
// `caretaker cleanup` does in the same place.
#include "common/http/curl_http.hpp"
#include "tests/engines/cleanup_docker_fixture.hpp"

#include <fmt/format.h>

#include <chrono>
#include <future>

namespace caretaker::testing {
namespace {

class DockerPruneTraps : public CleanupDockerFixture {
 protected:
    /// `filters`: JSON.
    static rapidjson::Document prune(const std::string& kind, const std::string& filters = "{}") {
        std::string encoded;
        for (const char c : filters) {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
        return engine().request(HttpMethod::post,
                                fmt::format("/{}/prune?filters={}", kind, encoded));
    }
};

TEST_F(DockerPruneTraps, UntilIsAboutWhenAContainerWasMade) {
    engine().create("ran-for-a-month");
    engine().run_to_end("ran-for-a-month");
    age_container("ran-for-a-month", 30 * day, 1);
    const CaretakerRun run = clean("remove: [containers], containers: {older_than: 1h}");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(engine().containers(), Names{"ran-for-a-month"});
    prune("containers", R"({"until":["24h"]})");
    EXPECT_EQ(engine().containers(), Names{}) << "the Engine takes what ended a second ago";
}

TEST_F(DockerPruneTraps, OursIsAboutWhenItEnded) {
    engine().create("ended-long-ago");
    engine().run_to_end("ended-long-ago");
    age_container("ended-long-ago", 30 * day, 29 * day);
    const CaretakerRun run = clean("remove: [containers], containers: {older_than: 28d}");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(engine().containers(), Names{});
}

TEST_F(DockerPruneTraps, NotDanglingMeansAllImagesOfTheEngine) {
    engine().import_image("app:1", "one");
    engine().import_image("app:2", "two");
    EXPECT_EQ(clean("remove: [images], images: {keep_newest_tags: 0}").exit_code, 0);
    EXPECT_EQ(engine().images(), (Names{"app:1", "app:2"}));
    engine().create("user", {}, "app:1");
    prune("images", R"({"dangling":["false"]})");
    EXPECT_EQ(engine().images(), Names{"app:1"}) << "the Engine takes all without a container";
}

TEST_F(DockerPruneTraps, UntilIsAboutWhenAnImageWasBuilt) {
    engine().load_image("base-of-last-year:1", "2024-01-01T00:00:00Z");
    const std::string rule = "remove: [images], images: {keep_newest_tags: 0, older_than: 7d}";
    EXPECT_EQ(clean(rule).exit_code, 0);
    EXPECT_EQ(engine().images(), Names{"base-of-last-year:1"});
    prune("images", R"({"dangling":["false"],"until":["168h"]})");
    EXPECT_EQ(engine().images(), Names{}) << "the Engine takes what came here a moment ago";
}

TEST_F(DockerPruneTraps, OursIsAboutWhenItWasTaggedHere) {
    engine().import_image("built-now:1", "one");
    engine().age_image("built-now:1", 8 * day);
    engine().import_image("built-now:2", "two");
    engine().age_image("built-now:2", 6 * day);
    const CaretakerRun run =
        clean("remove: [images], images: {keep_newest_tags: 0, older_than: 7d}");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(engine().images(), Names{"built-now:2"});
}

TEST_F(DockerPruneTraps, UntilWithoutUnitIsAMomentOf1970) {
    engine().create("old");
    engine().run_to_end("old");
    age_container("old", 9 * day, 8 * day);
    prune("containers", R"({"until":["24"]})");
    EXPECT_EQ(engine().containers(), Names{"old"}) << "the Engine says success and does nothing";
    const CaretakerRun run = clean("remove: [containers], containers: {older_than: 24}");
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.err.find("older_than"), std::string::npos) << run.err;
}

TEST_F(DockerPruneTraps, SeveralLabelsSpareOnlyWhatHasAllOfThem) {
    engine().create("kept", R"(,"Labels":{"keep":"1"})");
    engine().run_to_end("kept");
    age_container("kept", 9 * day, 8 * day);
    EXPECT_EQ(clean("remove: [containers], containers: {exclude_labels: [keep, pin]}").exit_code,
              0);
    EXPECT_EQ(engine().containers(), Names{"kept"});
    prune("containers", R"({"label!":["keep","pin"]})");
    EXPECT_EQ(engine().containers(), Names{}) << "the Engine wants both labels";
}

TEST_F(DockerPruneTraps, NamedVolumesGo) {
    engine().request(HttpMethod::post, "/volumes/create", R"({"Name":"data-of-somebody"})");
    const std::string rule = "remove: [volumes], volumes: {older_than: 0s}";
    for (int run = 0; run < 2; ++run) {  // by the second one it is known to be unused
        EXPECT_EQ(clean(rule).exit_code, 0);
    }
    EXPECT_EQ(engine().volumes(), Names{"data-of-somebody"});
    prune("volumes");
    EXPECT_EQ(engine().volumes(), Names{}) << "the Engine takes them below API 1.42";
}

TEST_F(DockerPruneTraps, OursAreVolumesWithoutANameOfTheirOwn) {
    engine().request(HttpMethod::post, "/volumes/create", "{}");
    engine().request(HttpMethod::post, "/volumes/create", R"({"Name":"named"})");
    const std::string rule = "remove: [volumes], volumes: {older_than: 0s}";
    EXPECT_EQ(clean(rule).exit_code, 0);
    EXPECT_EQ(engine().volumes().size(), 2U) << "unused since this run";
    EXPECT_EQ(clean(rule).exit_code, 0);
    EXPECT_EQ(engine().volumes(), Names{"named"});
}

TEST_F(DockerPruneTraps, VolumesOfContainersStayAfterARestart) {
    // Engine 18.09 forgot after a restart which volumes were in use; no later one does.
    engine().create("owner", R"(,"Volumes":{"/data":{}})");
    engine().start_container("owner");
    engine().restart([] {});
    const Names before = engine().volumes();
    ASSERT_EQ(before.size(), 1U);
    const std::string rule = "remove: [volumes], volumes: {older_than: 0s}";
    for (int run = 0; run < 2; ++run) {
        EXPECT_EQ(clean(rule).exit_code, 0);
    }
    EXPECT_EQ(engine().volumes(), before);
}

TEST_F(DockerPruneTraps, AnonymousVolumesOfContainersAreLeftBehind) {
    const std::string volume = R"(,"Volumes":{"/data":{}})";
    engine().create("pruned", volume);
    prune("containers");
    EXPECT_EQ(engine().containers(), Names{});
    const Names behind = engine().volumes();
    EXPECT_EQ(behind.size(), 1U) << "the Engine leaves them";
    engine().create("ours", volume);
    age_container("ours", 9 * day, 8 * day);
    EXPECT_EQ(clean("remove: [containers]").exit_code, 0);
    EXPECT_EQ(engine().containers(), Names{});
    EXPECT_EQ(engine().volumes(), behind);
}

TEST_F(DockerPruneTraps, TwoAtOnceAreRefused) {
    constexpr int many = 60;
    for (int i = 0; i < many; ++i) {
        engine().create(fmt::format("c{}", i));
    }
    StopSignal stop;
    const auto client =
        make_curl_http({.service = "docker", .unix_socket = engine().socket()}, stop);
    const HttpRequest prune_all{.method = HttpMethod::post,
                                .url = "http://docker/v1.41/containers/prune",
                                .timeout = std::chrono::minutes(2)};
    auto first = std::async(std::launch::async, [&] { return client->send(prune_all); });
    const auto has_ended = [&] {
        return first.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    };
    bool refused = false;
    while (!refused && !has_ended()) {
        const HttpResponse second = engine().send(HttpMethod::post, "/v1.41/containers/prune");
        refused = second.status == 409;
        EXPECT_TRUE(refused || second.ok()) << second.body;
    }
    const CaretakerRun run = clean("remove: [containers], containers: {older_than: 0s}");
    EXPECT_EQ(run.exit_code, 0) << run.out;  // what the other one took is done
    // Either of the two may have come first.
    EXPECT_TRUE(refused != (first.get().status == 409)) << "the Engine has one prune a time";
    EXPECT_EQ(engine().containers(), Names{});
}

}  // namespace
}  // namespace caretaker::testing
