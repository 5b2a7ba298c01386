// SPDX-License-Identifier: Apache-2.0
// A real broker of each version, and `caretaker lag` run against it: what the tests of `lag` have
// in common.
#pragma once

#include "tests/engines/caretaker_run.hpp"
#include "tests/engines/consumer_group_oracle.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/kafka_fixture_data.hpp"
#include "tests/engines/kafka_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::testing {

/// One broker per version for all tests of the program; each test uses names of its own.
struct Cluster {
    explicit Cluster(const std::string& version) : server(version) {}

    KafkaServer server;
    KafkaFixtureData data{server.bootstrap_servers()};
};

class LagKafka : public ::testing::TestWithParam<std::string_view> {
 protected:
    static void TearDownTestSuite() { clusters().clear(); }

    void SetUp() override {
        const std::string version(GetParam());
        try {
            std::unique_ptr<Cluster>& cluster = clusters()[version];
            if (!cluster) {
                cluster = std::make_unique<Cluster>(version);
            }
            cluster_ = cluster.get();
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
        }
    }

    [[nodiscard]] KafkaServer& server() const { return cluster_->server; }

    [[nodiscard]] KafkaFixtureData& data() const { return cluster_->data; }

    [[nodiscard]] std::vector<std::string> lag_arguments(const std::string& bootstrap_servers,
                                                         std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{
            "lag", "--bootstrap-server", bootstrap_servers, "--by", "partition", "--no-statsd"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    [[nodiscard]] CaretakerRun run_lag(std::vector<std::string> more = {}) const {
        return run_caretaker(lag_arguments(server().bootstrap_servers(), std::move(more)));
    }

    /// A run against one of the broker's listeners, with these lines in the properties file.
    [[nodiscard]] CaretakerRun run_lag_with(const std::string& bootstrap_servers,
                                            const std::string& properties,
                                            std::vector<std::string> more = {}) const {
        const TempDir folder;
        const auto file = folder.path() / "client.properties";
        std::ofstream(file) << properties;
        std::vector<std::string> arguments = lag_arguments(bootstrap_servers, std::move(more));
        arguments.insert(arguments.end(), {"--properties", file.string()});
        return run_caretaker(std::move(arguments));
    }

    /// A run as `user` through the SASL_SSL listener.
    [[nodiscard]] CaretakerRun run_secured_lag(const std::string& mechanism,
                                               std::string_view user,
                                               std::string_view password,
                                               std::vector<std::string> more = {}) const {
        return run_lag_with(
            server().secured_bootstrap_servers(),
            fmt::format("security.protocol=SASL_SSL\nsasl.mechanism={}\nsasl.username={}\n"
                        "sasl.password={}\nssl.ca.location={}\n",
                        mechanism,
                        user,
                        password,
                        server().certificates().authority.string()),
            std::move(more));
    }

    /// A topic with 10 records in its only partition, and a commit of `group` at 4.
    void make_small_group(const std::string& group, const std::string& topic) const {
        data().create_topic(topic, 1);
        data().produce(topic, 0, 10);
        data().commit(group, {{topic, 0, 4}});
    }

 private:
    static std::map<std::string, std::unique_ptr<Cluster>>& clusters() {
        static std::map<std::string, std::unique_ptr<Cluster>> all;
        return all;
    }

    Cluster* cluster_ = nullptr;
};

inline GroupDescription rows_of(const rapidjson::Document& run) {
    GroupDescription rows;
    for (const auto& row : json_array(run, "rows")) {
        rows[{json_text(row, "group"),
              json_text(row, "topic"),
              static_cast<std::int32_t>(json_integer(row, "partition"))}] = {
            json_optional_integer(row, "current_offset"),
            json_optional_integer(row, "log_end_offset"),
            json_optional_integer(row, "lag"),
            json_optional_text(row, "consumer_id"),
            json_optional_text(row, "host"),
            json_optional_text(row, "client_id")};
    }
    return rows;
}

/// The only row of a run; fails the test when there are more or less.
inline const rapidjson::Value& only_row(const rapidjson::Document& run) {
    const auto rows = json_array(run, "rows");
    if (rows.Size() != 1) {
        throw std::runtime_error(fmt::format("expected one row, got {}", rows.Size()));
    }
    return rows[0];
}

}  // namespace caretaker::testing
