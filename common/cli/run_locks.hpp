// SPDX-License-Identifier: Apache-2.0
// The locks that a run holds to its end.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/lock_file.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class StopSignal;

struct RunLocks {
    std::vector<LockFile> held{};  // all that were asked for, or none
    std::string holder{};          // what the holder of the missing one says about itself
    std::string name{};            // of the missing one
    bool no_directory = false;     // nowhere could a lock file be made

    [[nodiscard]] bool complete() const { return name.empty() && !no_directory; }
};

struct LockRequest {
    std::vector<std::filesystem::path> directories{};  // to try in this order
    bool prepare = false;              // make them, and refuse those of somebody else
    std::vector<std::string> names{};  // of jobs, or of what jobs share
    std::string target{};
    LockHolder self{};
    std::chrono::milliseconds wait{0};  // for locks that others hold
};

/// Takes the locks in the order of their names, which keeps two runs from waiting for each other.
/// Throws Interrupted when a stop is requested while it waits, StoreError "lock" when a file cannot
/// be made or locked.
RunLocks take_run_locks(const LockRequest& request, Clock& clock, const StopSignal& stop);

}  // namespace caretaker
