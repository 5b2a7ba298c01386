// SPDX-License-Identifier: Apache-2.0
// A run of `caretaker rotate` as seen from outside.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <rapidjson/document.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

struct Rotation {
    int exit_code = 0;
    std::string out{};
    std::string err{};
    rapidjson::Document json{};

    /// "delete_index a-1 done" and the like; none of a run that was killed.
    [[nodiscard]] std::vector<std::string> actions() const;
};

/// Where a rotation takes place.
struct RotationPlace {
    std::string binary{};  // of caretaker
    std::string url{};     // of the search engine
    const TempDir& home;   // for the action file and the store
    std::chrono::milliseconds limit{};
    std::vector<std::pair<std::string, std::string>> environment{};  // beside HOME
};

/// What run_rotation() starts; the action file is written.
Command rotation_command(const RotationPlace& place,
                         const std::string& actions,
                         std::vector<std::string> options);

/// Runs the action file with `options`; --max-percent is 100 unless they say otherwise.
Rotation run_rotation(const RotationPlace& place,
                      const std::string& actions,
                      std::vector<std::string> options);

}  // namespace caretaker::testing
