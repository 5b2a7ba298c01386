// SPDX-License-Identifier: Apache-2.0
// What is told once about the fleet as a whole, until it is over.
#pragma once

#include "jobs/kibana/kibana_signal.hpp"

#include <string>
#include <vector>

namespace caretaker {

class JobMemory;

struct FleetNews {
    std::string name{};  // stable: "brake", "signal_lost access_log"
    std::string kind{};  // of its event
    std::string reason{};
};

/// That the brake held, and which signals that could tell of no use are in trouble.
std::vector<FleetNews> find_fleet_news(const std::vector<KibanaSignal>& signals,
                                       const std::string& brake);

/// Those of `news` that nobody was told yet. Throws StoreError.
std::vector<FleetNews> untold_news(JobMemory& memory, const std::vector<FleetNews>& news);

/// Forgets what was told and is over, so that it is told again when it comes back. Throws
/// StoreError.
void forget_old_news(JobMemory& memory, const std::vector<FleetNews>& news);

/// Throws StoreError.
void note_told(JobMemory& memory, const FleetNews& news, WallTime now);

}  // namespace caretaker
