// SPDX-License-Identifier: Apache-2.0
// Rotations beside each other: of one cluster one after the other, of two at the same time.
#include "tests/integration/rotate/troubled_search.hpp"
#include "tests/sandbox/search_handlers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

std::string delete_of(const std::string& prefix) {
    return fmt::format(
        "actions: {{1: {{action: delete_indices, filters: [{{filtertype: pattern, kind: prefix, "
        "value: {}}}]}}}}\n",
        prefix);
}

class RotateBeside : public ::testing::Test {
 protected:
    RotateBeside() {
        for (TroubledSearch* search : {&search_, &other_}) {
            search->state().add("first");
            search->state().add("second");
        }
        search_.interfere([](sandbox::SearchState& state,
                             const HttpRequest& request) -> std::optional<ServedAnswer> {
            if (request.method != HttpMethod::del) {
                return std::nullopt;
            }
            ServedAnswer answer = sandbox::answer_search(state, request);
            answer.conduct = ServerConduct::hold;
            return answer;
        });
    }

    /// Begins a rotation whose store, and with it its locks, is that of the others.
    ChildProcess start(const TroubledSearch& search,
                       const std::string& prefix,
                       std::vector<std::string> options = {}) {
        options.emplace_back("--yes");
        return ChildProcess(rotation_command({.binary = CARETAKER_BINARY,
                                              .url = "http://" + search.address(),
                                              .home = home_,
                                              .limit = 60s},
                                             delete_of(prefix),
                                             options));
    }

    static int exit_code(ChildProcess& run) {
        const auto status = run.wait(60s);
        return status ? status->code : -1;
    }

    TempDir home_{};
    TroubledSearch search_{};
    TroubledSearch other_{};
};

TEST_F(RotateBeside, OneOfTheSameClusterIsSkipped) {
    ChildProcess run = start(search_, "first");
    search_.server().wait_for_held(1);
    ChildProcess late = start(search_, "second");
    EXPECT_EQ(exit_code(late), 0);
    EXPECT_NE(late.out().find("another run of this job"), std::string::npos) << late.out();
    search_.server().release();
    EXPECT_EQ(exit_code(run), 0);
    EXPECT_TRUE(search_.state().indices.contains("second"));
}

TEST_F(RotateBeside, OneUnderCuratorsNameWaitsForIt) {
    ChildProcess run = start(search_, "first", {"--as-curator"});
    search_.server().wait_for_held(1);
    ChildProcess late = start(search_, "second", {"--as-curator"});
    EXPECT_TRUE(late.wait_for_output("waiting up to 1d for it", 30s)) << late.err();
    search_.server().release();
    EXPECT_EQ(exit_code(run), 0);
    EXPECT_EQ(exit_code(late), 0) << late.err();
    EXPECT_TRUE(search_.state().indices.empty());
}

TEST_F(RotateBeside, OneUnderCuratorsNameFailsAtTheEndOfItsWait) {
    ChildProcess run = start(search_, "first", {"--as-curator"});
    search_.server().wait_for_held(1);
    ChildProcess late = start(search_, "second", {"--as-curator", "--on-locked", "fail"});
    EXPECT_EQ(exit_code(late), 6);  // 1 by that name
    search_.server().release();
    EXPECT_EQ(exit_code(run), 0);
}

TEST_F(RotateBeside, OneOfAnotherClusterRuns) {
    ChildProcess run = start(search_, "first");
    search_.server().wait_for_held(1);
    ChildProcess beside = start(other_, "second");
    EXPECT_EQ(exit_code(beside), 0) << beside.err();
    EXPECT_FALSE(other_.state().indices.contains("second"));
    search_.server().release();
    EXPECT_EQ(exit_code(run), 0);
}

}  // namespace
}  // namespace caretaker::testing
