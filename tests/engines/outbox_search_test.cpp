// SPDX-License-Identifier: Apache-2.0
// Documents of runs in a real search engine.
#include "tests/engines/rotate_search_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

namespace {

class OutboxSearch : public RotateSearchFixture {
 protected:
    /// A run of `lag` that reaches no Kafka, with documents for the engine at `url`.
    Finished run_without_kafka(const std::string& url) {
        std::ofstream(home_.file("caretaker.yml")) << fmt::format(
            "outbox: {{index: caretaker-runs, elasticsearch: {{urls: ['{}']}}}}\n", url);
        return run_command(
            {.argv = {CARETAKER_BINARY, "lag", "--bootstrap-server", "127.0.0.1:1", "-q"},
             .environment = {{"HOME", home_.path().string()},
                             {"CARETAKER_CONFIG", home_.file("caretaker.yml")},
                             {"CARETAKER_STORE", home_.file("store.db")}},
             .inherit_environment = false});
    }

    /// `caretaker history --from es` on a host that has no store.
    Finished history(std::vector<std::string> arguments) {
        std::vector<std::string> argv{CARETAKER_BINARY, "history", "--from", "es", "-o", "json"};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        return run_command({.argv = std::move(argv),
                            .environment = {{"HOME", home_.path().string()},
                                            {"CARETAKER_CONFIG", home_.file("caretaker.yml")},
                                            {"CARETAKER_STORE", home_.file("other.db")}},
                            .inherit_environment = false});
    }

    [[nodiscard]] static std::int64_t count_runs() {
        server().request(HttpMethod::post, "/caretaker-runs/_refresh");
        return count_documents("caretaker-runs");
    }
};

TEST_P(OutboxSearch, TakesEachRunOnce) {
    EXPECT_EQ(run_without_kafka(server().url()).status.code, 7);
    EXPECT_EQ(count_runs(), 1);
    EXPECT_EQ(run_without_kafka("http://127.0.0.1:1").status.code, 7);
    EXPECT_EQ(count_runs(), 1);
    EXPECT_EQ(run_without_kafka(server().url()).status.code, 7);
    EXPECT_EQ(count_runs(), 2) << "the one that could not leave is due in a minute";
}

TEST_P(OutboxSearch, GivesTheRunsBackToAllHosts) {
    std::ofstream(home_.file("caretaker.yml")) << fmt::format(
        "outbox: {{index: caretaker-runs, elasticsearch: {{urls: ['{}']}}}}\n", server().url());
    const Finished none = history({});
    EXPECT_EQ(none.status.code, 0) << none.err;
    EXPECT_EQ(json_array(parse_json(none.out), "rows").Size(), 0U) << "there is no index yet";
    run_without_kafka(server().url());
    ASSERT_EQ(count_runs(), 1);
    const Finished listed = history({"--job", "lag", "--failed", "--since", "1h"});
    EXPECT_EQ(listed.status.code, 0) << listed.err;
    const auto list = parse_json(listed.out);
    ASSERT_EQ(json_array(list, "rows").Size(), 1U) << listed.out;
    const auto& run = json_at(list, "rows")[0];
    EXPECT_EQ(json_text(run, "job"), "lag");
    EXPECT_EQ(json_text(run, "outcome"), "failed");
    EXPECT_EQ(json_integer(run, "exit_code"), 7);
    EXPECT_EQ(json_array(parse_json(history({"--job", "rotate"}).out), "rows").Size(), 0U);
    const Finished shown = history({"show", json_text(run, "id")});
    EXPECT_EQ(shown.status.code, 0) << shown.err;
    EXPECT_EQ(json_text(json_at(parse_json(shown.out), "rows")[0], "id"), json_text(run, "id"));
}

CARETAKER_FOR_EACH_ENGINE(OutboxSearch);

}  // namespace

}  // namespace caretaker::testing
