// SPDX-License-Identifier: Apache-2.0
// `caretaker cleanup` at a real Docker Engine: what stays, what goes, and in which order.
#include "tests/engines/cleanup_docker_fixture.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace caretaker::testing {
namespace {

using CleanupDockerEngine = CleanupDockerFixture;

constexpr const char* old_images = "remove: [images], images: {keep_newest_tags: 0}";

std::string states(const CaretakerRun& run) {
    std::string states;
    const auto document = run.json();
    for (const auto& action : document["actions"].GetArray()) {
        states += fmt::format("{} {}\n", json_text(action, "subject"), json_text(action, "state"));
    }
    return states;
}

/// Until the Engine has written it.
void wait_for_text(const std::string& file, std::string_view text) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < deadline) {
        std::ifstream stream(file);
        const std::string content(std::istreambuf_iterator<char>(stream), {});
        if (content.find(text) != std::string::npos) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error(fmt::format("{} does not hold {}", file, text));
}

TEST_F(CleanupDockerEngine, LeavesWhatRunsAndWhatOthersBorrowFrom) {
    engine().create("data", R"(,"Volumes":{"/data":{}})");
    engine().run_to_end("data");
    engine().create("borrower",
                    R"(,"HostConfig":{"NetworkMode":"none","VolumesFrom":["data"]})",
                    "base:1",
                    R"(["/busybox","sleep","600"])");
    engine().create("ended");
    engine().run_to_end("ended");
    engine().start_container("borrower");
    const CaretakerRun run = clean("remove: [containers], containers: {older_than: 0s}");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(engine().containers(), (Names{"data", "borrower"}));
}

TEST_F(CleanupDockerEngine, KeepsNamedVolumesOfAContainerThatGoes) {
    engine().create(
        "gone", R"(,"HostConfig":{"NetworkMode":"none","Binds":["named:/a"]},"Volumes":{"/b":{}})");
    EXPECT_EQ(engine().volumes().size(), 2U);
    EXPECT_EQ(clean("remove: [containers], containers: {older_than: 0s}").exit_code, 0);
    EXPECT_EQ(engine().volumes(), Names{"named"});
}

TEST_F(CleanupDockerEngine, KeepsEveryTagOfAnImageInUse) {
    engine().import_image("used:1", "one");
    engine().tag("used:1", "used", "latest");
    engine().create("user", {}, "used:1");
    engine().age_image("used:1", 9 * day);
    EXPECT_EQ(clean(old_images).exit_code, 0);
    EXPECT_EQ(engine().images(), (Names{"used:1", "used:latest"}));
    // The Engine itself is less careful.
    engine().request(HttpMethod::del, "/images/used:latest");
    EXPECT_EQ(engine().images(), Names{"used:1"});
}

TEST_F(CleanupDockerEngine, RemovesAllTagsOfAnImageOverSeveralRepositories) {
    engine().import_image("a:1", "one");
    engine().tag("a:1", "b/c", "2");
    engine().tag("a:1", "registry.example:5000/d", "3");
    engine().age_image("a:1", 9 * day);
    const std::string id = engine().image_id("a:1");
    EXPECT_EQ(engine().send(HttpMethod::del, "/v1.41/images/" + id).status, 409);
    const CaretakerRun run = clean(old_images);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(engine().images(), Names{});
    EXPECT_EQ(engine().send(HttpMethod::get, "/v1.41/images/" + id + "/json").status, 404);
}

TEST_F(CleanupDockerEngine, RemovesChildrenBeforeTheImagesThatTheyAreBuiltOn) {
    engine().build("parent:1", "FROM base:1\nCOPY one /one\n");
    engine().build("child:1", "FROM parent:1\nCOPY two /two\nLABEL a=b\n");
    engine().age_image("parent:1", 9 * day);
    engine().age_image("child:1", 8 * day);
    const CaretakerRun run = clean(old_images);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(states(run), "child:1 done\nparent:1 done\n");
    EXPECT_EQ(engine().images(), Names{});
}

TEST_F(CleanupDockerEngine, KeepsWhatAnImageThatStaysIsBuiltOn) {
    engine().build("parent:1", "FROM base:1\nCOPY one /one\n");
    engine().build("child:1", "FROM parent:1\nCOPY two /two\n");
    engine().age_image("parent:1", 9 * day);
    const CaretakerRun run = clean(old_images);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(engine().images(), (Names{"parent:1", "child:1"}));
    EXPECT_EQ(states(run), "");
}

TEST_F(CleanupDockerEngine, RemovesUntaggedImages) {
    engine().build("app:1", "FROM base:1\nCOPY one /one\n");
    const std::string first = engine().image_id("app:1");
    engine().build("app:1", "FROM base:1\nCOPY two /two\n");
    const std::string rule =
        "remove: [images], images: {keep_newest_tags: 0, dangling_older_than: 0s}";
    engine().send(HttpMethod::get, "/_ping");
    EXPECT_EQ(clean(rule).exit_code, 0);
    EXPECT_EQ(clean(rule).exit_code, 0);  // seen before, however short ago
    EXPECT_EQ(engine().send(HttpMethod::get, "/v1.41/images/" + first + "/json").status, 404);
    EXPECT_EQ(engine().images(), Names{"app:1"});
}

TEST_F(CleanupDockerEngine, RemembersThatAnImageWasInUse) {
    engine().import_image("app:1", "one");
    engine().age_image("app:1", 30 * day);
    engine().create("user", {}, "app:1");
    EXPECT_EQ(clean(old_images).exit_code, 0);
    engine().request(HttpMethod::del, "/containers/user");
    EXPECT_EQ(clean(old_images).exit_code, 0);
    EXPECT_EQ(engine().images(), Names{"app:1"}) << "it was in use a moment ago";
}

TEST_F(CleanupDockerEngine, ChangesNothingInADryRun) {
    engine().create("ended");
    engine().import_image("app:1", "one");
    engine().age_image("app:1", 30 * day);
    engine().request(HttpMethod::post, "/volumes/create", "{}");
    const std::string rule =
        "remove: [containers, images, volumes], containers: {older_than: 0s}, volumes: "
        "{older_than: 0s}, images: {keep_newest_tags: 0}";
    clean(rule, {"--dry-run"});
    const CaretakerRun run = clean(rule, {"--dry-run"});
    EXPECT_EQ(run.json()["actions"].Size(), 3U) << run.out;
    EXPECT_EQ(engine().containers(), Names{"ended"});
    EXPECT_EQ(engine().images(), Names{"app:1"});
    EXPECT_EQ(engine().volumes().size(), 1U);
}

TEST_F(CleanupDockerEngine, LeavesVolumesWithMountOptions) {
    engine().request(HttpMethod::post,
                     "/volumes/create",
                     R"({"Name":"remote","DriverOpts":{"type":"tmpfs","device":"tmpfs"}})");
    const std::string rule = "remove: [volumes], volumes: {mode: all, older_than: 0s}";
    for (int run = 0; run < 2; ++run) {
        EXPECT_EQ(clean(rule).exit_code, 0);
    }
    EXPECT_EQ(engine().volumes(), Names{"remote"});
}

TEST_F(CleanupDockerEngine, LetsTheEngineDropItsBuildCache) {
    engine().build_by_buildkit("built:1", "FROM base:1\nCOPY one /one\n");
    engine().request(HttpMethod::del, "/images/built:1");
    ASSERT_GT(engine().build_cache_size(), 100'000);
    const auto clean_cache = [&](const char* keys, const char* mode) {
        return clean(fmt::format("remove: [build_cache], build_cache: {{{}}}", keys), {mode});
    };
    EXPECT_EQ(states(clean_cache("keep: 0B, unused_for: 7d", "--yes")), "");
    EXPECT_EQ(states(clean_cache("keep: 1GiB, unused_for: 0s", "--yes")), "");
    EXPECT_EQ(states(clean_cache("keep: 0B, unused_for: 0s", "--dry-run")), "build cache would\n");
    EXPECT_GT(engine().build_cache_size(), 100'000);
    EXPECT_EQ(states(clean_cache("keep: 0B, unused_for: 0s", "--yes")), "build cache done\n");
    EXPECT_LT(engine().build_cache_size(), 100'000);
}

TEST_F(CleanupDockerEngine, EmptiesALargeLogOfAContainerThatRuns) {
    const std::string id = engine().create(
        "talks",
        {},
        "base:1",
        R"(["/busybox","sh","-c",)"
        R"("while [ ${#i} -lt 500 ]; do i=x$i; echo $i; done; echo END; /busybox sleep 600"])");
    engine().start_container("talks");
    const std::string log = fmt::format("{0}/containers/{1}/{1}-json.log", engine().data(), id);
    wait_for_text(log, "END");
    home_.set_variable("CARETAKER_TEST_PROC", engine().processes());
    EXPECT_EQ(states(clean("remove: [logs], logs: {truncate_over: 5GiB}")), "");
    const CaretakerRun run = clean("remove: [logs], logs: {truncate_over: 10KiB}");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(states(run), "talks done\n");
    EXPECT_EQ(std::filesystem::file_size(log), 0U);
    EXPECT_EQ(engine().containers(), Names{"talks"});
}

TEST_F(CleanupDockerEngine, EndsWith7WhereTheEngineIsDown) {
    int code = 0;
    engine().restart([&] { code = clean("remove: [containers]").exit_code; });
    EXPECT_EQ(code, 7);
}

TEST_F(CleanupDockerEngine, FindsItsVersionRefusedAsThePathsSay) {
    EXPECT_EQ(engine().send(HttpMethod::get, "/v1.99/containers/json").status, 400);
    EXPECT_EQ(engine().send(HttpMethod::get, "/v1.11/containers/json").status, 400);
    EXPECT_EQ(clean("remove: [containers]").exit_code, 0);
}

}  // namespace
}  // namespace caretaker::testing
