// SPDX-License-Identifier: Apache-2.0
// Recorded answers, served again.
#include "tests/sandbox/fake_replay.hpp"

#include "common/base/error.hpp"
#include "served_json.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace caretaker::sandbox {
namespace {

std::string ok(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class FakeReplayTest : public ::testing::Test {
 protected:
    void write(const std::string& name, const std::string& bytes) {
        std::filesystem::create_directories(
            std::filesystem::path(folder_.file(name)).parent_path());
        std::ofstream(folder_.file(name), std::ios::binary) << bytes;
    }

    std::string get(FakeReplay& replay, const std::string& target) {
        return asker_.get(replay.url() + target).body;
    }

    TempDir folder_{};
    ServiceAsker asker_{};
};

TEST_F(FakeReplayTest, FindsAnswersByIndexAndByRequest) {
    write("INDEX.tsv", "scene/slaves\tGET /slaves\t200 OK\t3\nscene/gone\tGET /gone\t200 OK\n");
    write("scene/slaves.http", ok("indexed"));
    write("scene/v1-agents.http", ok("agents"));
    write("scene/v1-agents.request",
          "POST /api/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n"
          R"({"type": "GET_AGENTS"})");
    write("scene/lost.http", ok("nobody can ask for it"));
    FakeReplay replay(folder_.path());
    EXPECT_EQ(get(replay, "/slaves"), "indexed");
    EXPECT_EQ(
        asker_.send_json(HttpMethod::post, replay.url() + "/api/v1", R"({"type":"GET_AGENTS"})")
            .body,
        "agents");
    EXPECT_EQ(
        asker_.send_json(HttpMethod::post, replay.url() + "/api/v1", R"({"type":"GET_TASKS"})")
            .status,
        404);
    EXPECT_EQ(get(replay, "/nope"), "GET /nope was not recorded\n");
}

TEST_F(FakeReplayTest, GivesSeveralAnswersInTurn) {
    write("INDEX.tsv", "a\tGET /x\nb\tGET /x\n");
    write("a.http", ok("one"));
    write("b.http", ok("two"));
    FakeReplay replay(folder_.path());
    EXPECT_EQ(get(replay, "/x"), "one");
    EXPECT_EQ(get(replay, "/x"), "two");
    EXPECT_EQ(get(replay, "/x"), "two");
}

TEST_F(FakeReplayTest, LooksAtHeadersThatMakeADifference) {
    write("plain.http", ok("plain"));
    write("INDEX.tsv", "plain\tGET /x\n");
    write("login.http", ok("secret"));
    write("login.request", "GET /x HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YQ==\r\n\r\n");
    FakeReplay replay(folder_.path());
    EXPECT_EQ(get(replay, "/x"), "plain");
    EXPECT_EQ(
        asker_.send(HttpMethod::get, replay.url() + "/x", "", {{"Authorization", "Basic YQ=="}})
            .body,
        "secret");
}

TEST_F(FakeReplayTest, SaysThatAFolderHasNothing) {
    EXPECT_THROW(FakeReplay replay(folder_.path()), UsageError);
    EXPECT_THROW(FakeReplay replay(folder_.file("none")), UsageError);
}

}  // namespace
}  // namespace caretaker::sandbox
