// SPDX-License-Identifier: Apache-2.0
// Who ran what, when and where: the identity of one run, fixed before its work begins.
#pragma once

#include "common/base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {

struct RunInfo {
    std::string uid{};  // UUIDv7
    std::string job{};
    std::string target{};
    WallTime started_at{};
    std::string trigger{};      // chronos | jenkins | cron | manual
    std::string trigger_ref{};  // Mesos task id or build URL, else empty
    int attempt = 0;            // of the scheduler, from 0
    std::optional<std::chrono::milliseconds> queue_delay{};  // between the scheduler's wish and now
    bool dry_run = false;
    std::string host{};
    std::string boot_id{};
    std::string version{};
    std::string argv{};         // redacted
    std::string config_hash{};  // of the effective settings
};

/// The last 8 hex digits of a run's uid: what people type and see.
std::string short_run_id(const std::string& uid);

}  // namespace caretaker
