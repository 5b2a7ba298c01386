// SPDX-License-Identifier: Apache-2.0
// Runs of `caretaker leftovers` against the sandbox's Mesos and Marathon.
#pragma once

#include "tests/integration/leftovers/leftovers_run.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

using caretaker::testing::json_at;
using caretaker::testing::json_number;
using caretaker::testing::json_text;
using caretaker::testing::leftovers_command;
using caretaker::testing::LeftoversRun;
using caretaker::testing::LeftoversVariables;
using caretaker::testing::run_leftovers;

struct SandboxRun : LeftoversRun {
    explicit SandboxRun(LeftoversRun run) : LeftoversRun(std::move(run)) {}

    /// Without labels.
    [[nodiscard]] double metric(std::string_view name) const {
        for (const auto& metric : json_at(json, "metrics").GetArray()) {
            if (json_text(metric, "name") == name && json_at(metric, "labels").ObjectEmpty()) {
                return json_number(metric, "value");
            }
        }
        ADD_FAILURE() << "no metric " << name;
        return std::nan("");
    }

    [[nodiscard]] std::vector<std::string> subjects(std::string_view code) const {
        std::vector<std::string> found;
        for (const auto& finding : json_at(json, "findings").GetArray()) {
            if (json_text(finding, "code") == code) {
                found.push_back(json_text(finding, "subject"));
            }
        }
        return found;
    }

    [[nodiscard]] std::string rows() const { return text_of("rows"); }

    [[nodiscard]] std::string details() const { return text_of("details"); }

 private:
    [[nodiscard]] std::string text_of(const char* member) const {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        json_at(json, member).Accept(writer);
        return buffer.GetString();
    }
};

/// Whose agents are all there and reserve nothing, so that its sums are easily made.
inline ClusterOptions plain_cluster() {
    return {.agents = 12,
            .apps = 8,
            .tasks_per_agent = 6,
            .has_reservations = false,
            .has_disks = false,
            .has_revocable = false,
            .has_states = false,
            .has_quota = false,
            .has_maintenance = false};
}

class LeftoversSandbox : public ::testing::Test {
 protected:
    void start(const ClusterOptions& cluster = plain_cluster(),
               FakeMesosOptions options = {},
               const FakeMarathonOptions& marathon = {}) {
        options.served_agents = 0;
        platform_.emplace(make_platform(cluster));
        mesos_.emplace(*platform_, options);
        marathon_.emplace(*platform_, marathon);
    }

    SandboxRun run_with(const std::vector<std::string>& options) {
        return SandboxRun(run_leftovers(leftovers_command(home_, options, environment_)));
    }

    SandboxRun run(const std::vector<std::string>& more = {}) {
        std::vector<std::string> options;
        for (std::size_t i = 0; i < mesos_->masters(); ++i) {
            options.insert(options.end(), {"--mesos-url", mesos_->url(i)});
        }
        options.insert(options.end(), more.begin(), more.end());
        return run_with(options);
    }

    SandboxRun run_with_apps(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"--marathon-url", marathon_->url()});
        return run(more);
    }

    /// Where nothing listens.
    static std::string closed_address() { return FakeServer().url(""); }

    TempDir home_{};
    LeftoversVariables environment_{};
    std::optional<FakePlatform> platform_{};
    std::optional<FakeMesos> mesos_{};
    std::optional<FakeMarathon> marathon_{};
};

}  // namespace caretaker::sandbox
