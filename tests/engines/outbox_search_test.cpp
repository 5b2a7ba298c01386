// SPDX-License-Identifier: Apache-2.0
// Documents of runs in a real search engine.
#include "tests/engines/rotate_search_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

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

CARETAKER_FOR_EACH_ENGINE(OutboxSearch);

}  // namespace

}  // namespace caretaker::testing
