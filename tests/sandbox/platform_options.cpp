// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/platform_options.hpp"

#include "common/base/error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <chrono>

namespace caretaker::sandbox {

void PlatformOptions::describe(CLI::App& app) {
    app.add_option("--cluster-agents", cluster_.agents, "Agents of the Mesos cluster")
        ->capture_default_str();
    app.add_option("--cluster-apps", cluster_.apps, "Apps of Marathon")->capture_default_str();
    app.add_option("--cluster-pods", cluster_.pods, "Pods of Marathon")->capture_default_str();
    app.add_option("--cluster-tasks", cluster_.tasks_per_agent, "Tasks of an agent, in the mean")
        ->capture_default_str();
    app.add_option("--cluster-without",
                   without_,
                   fmt::format("Leave out some of {}", fmt::join(cluster_feature_names(), ", ")))
        ->delimiter(',');
    app.add_option("--mesos-version", version_, "What Mesos is: 0.22.1, 0.28.2, 1.4.1, 1.11.0, …")
        ->capture_default_str();
}

FakePlatform& PlatformOptions::platform(const SandboxOptions& options) {
    if (platform_) {
        return *platform_;
    }
    const auto version = parse_mesos_version(version_);
    if (!version) {
        throw UsageError(fmt::format("--mesos-version: '{}' is none; write 1.11.0", version_));
    }
    for (const std::string& feature : without_) {
        if (!leave_out(cluster_, feature)) {
            throw UsageError(fmt::format("--cluster-without: there is no '{}'; known: {}",
                                         feature,
                                         fmt::join(cluster_feature_names(), ", ")));
        }
    }
    using namespace std::chrono;
    constexpr std::size_t networks = 200;  // so that sandboxes seldom meet
    cluster_.network = 20 + static_cast<std::size_t>(getpid()) % networks;
    cluster_.has_addresses_as_names = needs_addresses_;
    cluster_.seed = options.seed;
    cluster_.version = *version;
    cluster_.now_ms = floor<milliseconds>(system_clock::now()).time_since_epoch().count();
    platform_ = std::make_unique<FakePlatform>(make_platform(cluster_));
    platform_->follow_real_time();
    return *platform_;
}

}  // namespace caretaker::sandbox
