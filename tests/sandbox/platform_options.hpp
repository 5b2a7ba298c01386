// SPDX-License-Identifier: Apache-2.0
// The command line of the platform that Mesos, Marathon and what runs on them share.
#pragma once

#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/sandbox/sandbox_part.hpp"

#include <memory>
#include <string>
#include <vector>

namespace caretaker::sandbox {

class PlatformOptions {
 public:
    /// Binds the options; no IO. To be called once.
    void describe(CLI::App& app);

    /// Makes the platform when it is first asked for. Throws UsageError for options that do not
    /// fit.
    FakePlatform& platform(const SandboxOptions& options);

    /// Agents are to be called by their addresses. To be called before anybody asks for the
    /// platform.
    void need_addresses() { needs_addresses_ = true; }

 private:
    bool needs_addresses_ = false;
    ClusterOptions cluster_{};
    std::string version_{"1.11.0"};
    std::vector<std::string> without_{};
    std::unique_ptr<FakePlatform> platform_{};
};

}  // namespace caretaker::sandbox
