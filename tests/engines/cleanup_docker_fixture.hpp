// SPDX-License-Identifier: Apache-2.0
// Tests of `caretaker cleanup` against a real Docker Engine, one for all tests of a suite.
#pragma once

#include "tests/engines/caretaker_run.hpp"
#include "tests/engines/docker_daemon.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace caretaker::testing {

class CleanupDockerFixture : public ::testing::Test {
 protected:
    using Names = std::set<std::string>;

    static constexpr std::int64_t hour = 3600;
    static constexpr std::int64_t day = 24 * hour;

    static void TearDownTestSuite();

    void SetUp() override;

    [[nodiscard]] static DockerDaemon& engine();

    /// A run over these keys of cleanup.docker ("remove: [images]") with a store of the test's own.
    CaretakerRun clean(const std::string& keys, std::vector<std::string> options = {"--yes"});

    /// Lets a container look as if it was made, and ended, so long ago. Restarts the Engine.
    static void age_container(const std::string& name, std::int64_t made, std::int64_t ended);

    CaretakerHome home_{};
};

}  // namespace caretaker::testing
