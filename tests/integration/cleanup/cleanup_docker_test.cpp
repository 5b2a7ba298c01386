// SPDX-License-Identifier: Apache-2.0
// `caretaker cleanup` at a Docker Engine on a unix socket.
#include "tests/support/cleanup_host.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;
using Names = std::set<std::string>;

/// An Engine with containers that ended in 2020, each of an image of its own, pulled in 2020.
class SmallEngine {
 public:
    explicit SmallEngine(const std::string& socket) : server_(socket) {
        server_.answer_by([this](const HttpRequest& request) { return serve(request); });
    }

    void add(const std::string& name, const std::string& state = "exited") {
        const std::lock_guard lock(mutex_);
        containers_[name] = state;
        images_.insert(name);
    }

    void add_image(const std::string& name) {
        const std::lock_guard lock(mutex_);
        images_.insert(name);
    }

    void forget_container(const std::string& name) {
        const std::lock_guard lock(mutex_);
        containers_.erase(name);
    }

    /// What a DELETE of that path gets instead.
    void refuse(const std::string& path, int status, const std::string& message) {
        const std::lock_guard lock(mutex_);
        refusals_[path] = {.status = status, .body = fmt::format(R"({{"message":"{}"}})", message)};
    }

    Names containers() {
        const std::lock_guard lock(mutex_);
        Names names;
        for (const auto& [name, state] : containers_) {
            names.insert(name);
        }
        return names;
    }

    Names images() {
        const std::lock_guard lock(mutex_);
        return images_;
    }

    /// Where it says that it keeps everything.
    void keep_all_in(const std::string& directory) {
        const std::lock_guard lock(mutex_);
        root_ = directory;
    }

    Words deletions() {
        Words urls;
        for (const HttpRequest& request : server_.requests()) {
            if (request.method == HttpMethod::del) {
                urls.push_back(request.url);
            }
        }
        return urls;
    }

 private:
    ServedAnswer serve(const HttpRequest& request) {
        const std::lock_guard lock(mutex_);
        if (request.method == HttpMethod::del) {
            return remove(request.url);
        }
        if (request.url == "/version") {
            return {.body = R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})"};
        }
        if (request.url == "/v1.41/containers/json?all=1") {
            return {.body = list_of(containers_, [](const auto& one) {
                        return fmt::format(
                            R"({{"Id":"c-{0}","Names":["/{0}"],"Image":"{0}:1","ImageID":"i-{0}",)"
                            R"("State":"{1}","Created":1577836800,"Labels":{{}}}})",
                            one.first,
                            one.second);
                    })};
        }
        if (request.url == "/v1.41/images/json?all=1") {
            return {.body = list_of(images_, [](const auto& name) {
                        return fmt::format(
                            R"({{"Id":"i-{0}","ParentId":"","RepoTags":["{0}:1"],"Size":1000}})",
                            name);
                    })};
        }
        if (request.url == "/v1.41/info") {
            return {.body = fmt::format(R"({{"DockerRootDir":"{}"}})", root_)};
        }
        if (request.url == "/v1.41/volumes") {
            return {.body = R"({"Volumes":[]})"};
        }
        for (const auto& [name, state] : containers_) {
            if (request.url == fmt::format("/v1.41/containers/c-{}/json", name)) {
                return {.body = fmt::format(
                            R"({{"Image":"i-{}","State":{{"Status":"{}",)"
                            R"("FinishedAt":"2020-01-01T00:00:00Z"}},"HostConfig":{{}}}})",
                            name,
                            state)};
            }
        }
        return {.body = R"({"Metadata":{"LastTagTime":"2020-01-01T00:00:00Z"}})"};
    }

    ServedAnswer remove(const std::string& url) {
        if (const auto refusal = refusals_.find(url); refusal != refusals_.end()) {
            return refusal->second;
        }
        for (const auto& [name, state] : containers_) {
            if (url == fmt::format("/v1.41/containers/c-{}?v=1", name)) {
                containers_.erase(name);
                return {.status = 204};
            }
        }
        for (const std::string& name : images_) {
            if (url == fmt::format("/v1.41/images/{}:1?noprune=false", name)) {
                images_.erase(name);
                return {.body = "[]"};
            }
        }
        return {.status = 404, .body = R"({"message":"no such thing"})"};
    }

    template <typename List, typename Format>
    static std::string list_of(const List& list, const Format& format) {
        std::string text;
        for (const auto& one : list) {
            text += (text.empty() ? "" : ",") + format(one);
        }
        return "[" + text + "]";
    }

    std::mutex mutex_;
    std::map<std::string, std::string> containers_{};  // name → state
    Names images_{};
    std::string root_ = "/nowhere";
    std::map<std::string, ServedAnswer> refusals_{};
    FakeServer server_;  // last: it calls the others
};

class CleanupDocker : public ::testing::Test {
 protected:
    Cleanup clean(const std::string& remove, const Words& options = {"--yes"}) const {
        return host_.run_with(
            fmt::format("targets: {{t: {{docker: {{urls: ['unix://{}']}}}}}}\n"
                        "cleanup: {{docker: {{remove: [{}], images: {{keep_newest_tags: 0}}}}}}\n",
                        socket_,
                        remove),
            options);
    }

    CleanupHost host_{CARETAKER_BINARY};
    std::string socket_ = host_.home().file("docker.sock");
    SmallEngine engine_{socket_};
};

TEST_F(CleanupDocker, RemovesContainersThatEndedLongAgo) {
    engine_.add("old");
    engine_.add("running", "running");
    const Cleanup cleanup = clean("containers");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(engine_.containers(), Names{"running"});
    EXPECT_EQ(engine_.deletions(), Words{"/v1.41/containers/c-old?v=1"});
    EXPECT_EQ(json_text(cleanup.json["actions"][0], "kind"), "remove_container");
}

TEST_F(CleanupDocker, ChangesNothingInADryRun) {
    engine_.add("old");
    const Cleanup cleanup = clean("containers, images", {"--dry-run"});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.json["actions"].Size(), 1U);
    EXPECT_TRUE(engine_.deletions().empty());
}

TEST_F(CleanupDocker, RemembersWhenAnImageWasLastUsed) {
    engine_.add("once", "running");
    engine_.add_image("never");
    EXPECT_EQ(clean("images", {"--dry-run"}).json["actions"].Size(), 1U);
    engine_.refuse("/v1.41/images/never:1?noprune=false", 500, "busy");
    const Cleanup first = clean("images");
    EXPECT_EQ(first.exit_code, 1) << first.err;
    // Its container goes; the image was used a moment ago, so it stays though it is from 2020.
    engine_.refuse("/v1.41/images/never:1?noprune=false", 404, "gone");
    engine_.forget_container("once");
    const Cleanup second = clean("images");
    EXPECT_EQ(second.exit_code, 0) << second.err;
    EXPECT_TRUE(engine_.images().contains("once"));
}

TEST_F(CleanupDocker, KeepsTheImagesOfContainersThatGoForTheirTime) {
    engine_.add("old");
    const Cleanup cleanup = clean("containers, images");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_TRUE(engine_.containers().empty());
    EXPECT_TRUE(engine_.images().contains("old")) << "this run saw it in use";
}

TEST_F(CleanupDocker, TakesARefusalForAChangeAndGoesOn) {
    engine_.add("a");
    engine_.add("b");
    engine_.refuse("/v1.41/containers/c-a?v=1", 409, "You cannot remove a running container");
    const Cleanup cleanup = clean("containers");
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(engine_.containers(), Names{"a"});
    EXPECT_EQ(json_text(cleanup.json["actions"][0], "state"), "skipped");
}

TEST_F(CleanupDocker, FailsAnItemAndGoesOn) {
    engine_.add("a");
    engine_.add("b");
    engine_.refuse("/v1.41/containers/c-a?v=1", 500, "device or resource busy");
    const Cleanup cleanup = clean("containers");
    EXPECT_EQ(cleanup.exit_code, 3) << cleanup.err;
    EXPECT_EQ(cleanup.rows,
              (Words{"container a failed: device or resource busy", "container b done"}));
    EXPECT_EQ(json_integer(json_at(cleanup.json, "summary"), "items_failed"), 1);
    EXPECT_EQ(engine_.containers(), Names{"a"});
}

TEST_F(CleanupDocker, NamesWhoHoldsAMountThatIsInTheWay) {
    engine_.add("a");
    engine_.refuse("/v1.41/containers/c-a?v=1",
                   500,
                   "failed to remove root filesystem: unlinkat /proc: device or resource busy");
    const Cleanup cleanup = clean("containers");
    EXPECT_NE(json_text(cleanup.json["actions"][0], "error")
                  .find("device or resource busy; it is mounted in the namespace of pid "),
              std::string::npos)
        << cleanup.out;
}

TEST_F(CleanupDocker, RemovesImagesWhileTheDiskOfTheEngineIsShort) {
    const auto run = [&](const std::string& share) {
        return host_.run_with(
            fmt::format("targets: {{t: {{docker: {{urls: ['unix://{}']}}}}}}\n"
                        "cleanup: {{docker: {{remove: [images], images: {{keep_newest_tags: 0, "
                        "older_than: 5000w, only_below_free: '{}'}}}}}}\n",
                        socket_,
                        share),
            {"--dry-run"});
    };
    engine_.add_image("a");
    const Cleanup untold = run("99.999%");
    EXPECT_EQ(untold.exit_code, 0) << untold.err;
    EXPECT_TRUE(untold.rows.empty());
    EXPECT_NE(untold.err.find("how much is free below the Engine's /nowhere cannot be told"),
              std::string::npos)
        << untold.err;
    engine_.keep_all_in(host_.home().path().string());
    EXPECT_EQ(run("99.999%").rows, Words{"image a:1 planned"});
    EXPECT_TRUE(run("0.0001%").rows.empty());
    EXPECT_EQ(run("much").exit_code, 2);
}

TEST_F(CleanupDocker, RemovesNothingBeyondASavedPlan) {
    engine_.add("listed");
    engine_.add("away");
    const std::string file = host_.home().file("plan.json");
    const Cleanup plan = clean("containers", {"--dry-run"});
    EXPECT_EQ(plan.rows, (Words{"container away planned", "container listed planned"}));
    std::ofstream(file) << plan.out;
    engine_.add("new");
    engine_.forget_container("away");
    const Cleanup cleanup = clean("containers, images", {"--yes", "--apply-plan", file});
    EXPECT_EQ(cleanup.exit_code, 0) << cleanup.err;
    EXPECT_EQ(cleanup.rows, (Words{"container listed done", "container away gone"}));
    EXPECT_EQ(engine_.containers(), Names{"new"});
}

TEST_F(CleanupDocker, IsNoPartOfAPlanOfFilesAlone) {
    engine_.add("old");
    host_.file("a", 9L * 24 * 3600);
    const std::string file = host_.home().file("plan.json");
    const std::string rules = fmt::format(
        "targets: {{t: {{docker: {{urls: ['unix://{}']}}}}}}\n"
        "cleanup: {{docker: {{remove: [containers]}}, "
        "files: [{{name: r, roots: ['{}'], older_than: 1d}}]}}\n",
        socket_,
        host_.root());
    std::ofstream(file) << host_.run_with(rules, {"--dry-run", "--only", "files"}).out;
    const Cleanup cleanup = host_.run_with(rules, {"--yes", "--apply-plan", file});
    EXPECT_EQ(cleanup.rows, Words{"unlink a done"});
    EXPECT_EQ(engine_.containers(), Names{"old"});
}

TEST(CleanupDockerAway, LetsTheOtherPartsHaveTheirTurn) {
    const CleanupHost host{CARETAKER_BINARY};
    host.file("old", 9 * 24 * 3600);
    const Cleanup cleanup =
        host.run_with(fmt::format("targets: {{t: {{docker: {{urls: ['unix://{}']}}}}}}\n"
                                  "cleanup: {{docker: {{remove: [containers]}}, "
                                  "files: [{{name: r, roots: ['{}'], older_than: 1d}}]}}\n",
                                  host.home().file("none.sock"),
                                  host.root()),
                      {"--yes"});
    EXPECT_EQ(cleanup.exit_code, 7) << cleanup.err;
    EXPECT_TRUE(cleanup.summary().ends_with("; docker: not reached")) << cleanup.summary();
    EXPECT_TRUE(host.tree().empty());
}

}  // namespace
}  // namespace caretaker::testing
