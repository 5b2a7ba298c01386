// SPDX-License-Identifier: Apache-2.0
// Where the lock of a job and target lies.
#pragma once

#include "common/base/trigger.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace caretaker {

/// Directories to try in this order: the store's, else one that goes with the user's session, else
/// one of our own under /tmp. `store_path` is empty when the run goes without a store.
std::vector<std::filesystem::path> lock_directories(const std::string& store_path,
                                                    const EnvironmentMap& environment,
                                                    unsigned user_id);

/// Makes `directory` (mode 0700) if it is missing. False when it cannot be had, or when it belongs
/// to somebody else, who could then hold our locks.
bool prepare_lock_directory(const std::filesystem::path& directory);

}  // namespace caretaker
