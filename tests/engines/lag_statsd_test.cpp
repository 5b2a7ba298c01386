// SPDX-License-Identifier: Apache-2.0
// What the original StatsD server makes of the metrics of a run.
#include "tests/engines/caretaker_run.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/statsd_server.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;

/// The sandbox's Kafka, so that the numbers do not need a real one.
class Sandbox {
 public:
    Sandbox() : process_(command()) {
        if (!process_.wait_for_output("\n", 60s)) {
            throw std::runtime_error("the sandbox does not start: " + process_.err());
        }
        bootstrap_servers_ =
            json_text(json_at(parse_json(process_.out()), "kafka"), "bootstrap_servers");
    }

    [[nodiscard]] const std::string& bootstrap_servers() const { return bootstrap_servers_; }

 private:
    static Command command() {
        Command sandbox;
        sandbox.argv = {CARETAKER_SANDBOX};
        return sandbox;
    }

    ChildProcess process_;
    std::string bootstrap_servers_;
};

class LagStatsd : public ::testing::Test {
 protected:
    void SetUp() override {
        try {
            statsd_ = std::make_unique<StatsdServer>();
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
        }
    }

    [[nodiscard]] const StatsdServer& statsd() const { return *statsd_; }

 private:
    std::unique_ptr<StatsdServer> statsd_;
};

/// A name part as the metric plan says, written down a second time on purpose.
std::string clean(const std::string& part) {
    std::string cleaned;
    for (const char letter : part) {
        const bool keep = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-';
        if (keep) {
            cleaned += letter;
        } else if (!cleaned.empty() && cleaned.back() != '_') {
            cleaned += '_';
        }
    }
    while (cleaned.ends_with('_')) {
        cleaned.pop_back();
    }
    return cleaned;
}

std::string statsd_name(const std::string& base, const rapidjson::Value& metric) {
    std::string name = base;
    for (const auto& label : json_at(metric, "labels").GetObject()) {
        name +=
            fmt::format(".{}.{}", clean(label.name.GetString()), clean(label.value.GetString()));
    }
    return name + "." + json_text(metric, "name");
}

TEST_F(LagStatsd, HoldsTheMetricsOfTheJsonOutput) {
    const Sandbox sandbox;
    const CaretakerRun run = run_caretaker(
        {"lag", "--bootstrap-server", sandbox.bootstrap_servers(), "--statsd", statsd().address()});
    const rapidjson::Document json = run.json();
    const std::string outcome = json_text(json_at(json, "run"), "outcome");
    const std::string base = "caretaker.lag." + clean(json_text(json_at(json, "run"), "target"));
    // The last line that a run sends; all others were sent before it.
    ASSERT_TRUE(statsd().wait_for_counter(fmt::format("{}.run.{}", base, outcome), 30s)) << run.err;

    auto gauges = statsd().gauges();
    const auto counters = statsd().counters();
    std::size_t compared = 0;
    for (const auto& metric : json_array(json, "metrics")) {
        const std::string name = statsd_name(base, metric);
        const std::string kind = json_text(metric, "kind");
        if (kind == "gauge") {
            ASSERT_TRUE(gauges.contains(name)) << name;
            EXPECT_DOUBLE_EQ(gauges.at(name), json_number(metric, "value")) << name;
        } else if (kind == "counter") {
            ASSERT_TRUE(counters.contains(name)) << name;
            EXPECT_DOUBLE_EQ(counters.at(name), json_number(metric, "value")) << name;
        }
        ++compared;
    }
    EXPECT_GT(compared, 20U);
    EXPECT_EQ(counters.at(base + ".run.started"), 1);
    EXPECT_EQ(gauges.at(base + ".run.exit_code"), run.exit_code);
    EXPECT_EQ(statsd().timers().at(base + ".run.duration").size(), 1U);
    EXPECT_EQ(counters.at("statsd.bad_lines_seen"), 0);
}

TEST(NodeObject, IsReadWithQuotedKeysAndLists) {
    const auto object =
        parse_node_object("{ plain: 1, 'a.b-c': -2.5, list: [ 1, 2e3 ], none: [] }");
    ASSERT_EQ(object.size(), 4U);
    EXPECT_EQ(object.at("plain"), std::vector<double>{1});
    EXPECT_EQ(object.at("a.b-c"), std::vector<double>{-2.5});
    EXPECT_EQ(object.at("list"), (std::vector<double>{1, 2000}));
    EXPECT_TRUE(object.at("none").empty());
    EXPECT_THROW(parse_node_object("{ a: text }"), std::runtime_error);
}

}  // namespace
}  // namespace caretaker::testing
