// SPDX-License-Identifier: Apache-2.0
// What the holder of a lock tells people about itself.
#pragma once

#include "common/base/wall_time.hpp"

#include <string>

namespace caretaker {

/// The lock decides, never this text.
struct LockHolder {
    std::string run_uid{};
    std::string host{};
    std::string task_id{};  // of Mesos; empty: none
    int pid = 0;
    WallTime started_at{};
};

/// One line of JSON.
std::string format_lock_holder(const LockHolder& holder);

}  // namespace caretaker
