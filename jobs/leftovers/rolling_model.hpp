// SPDX-License-Identifier: Apache-2.0
// Whether apps can be restarted as Marathon restarts them: some new instances beside the old ones,
// or some old ones stopped first. Pure.
#pragma once

#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/fit_model.hpp"
#include "jobs/leftovers/instance_model.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// The restart of one app that runs.
struct RollingRestart {
    std::uint32_t app = 0;        // in Workload::apps
    std::int64_t keep = 0;        // instances that go on
    std::int64_t ceiling = 0;     // the most that run at once
    std::int64_t room = 0;        // new ones that fit beside all old ones, up to the ceiling
    std::int64_t stop_first = 0;  // old ones that may stop first and give their place to new ones
    std::int64_t rounds = 0;      // in which it is done

    [[nodiscard]] bool is_blocked() const { return room == 0 && stop_first == 0; }
};

/// Of apps with running instances that can be judged, as Workload::apps. New instances do not count
/// old ones for constraints, but for resources and ports.
std::vector<RollingRestart> judge_rolling(const ClusterFacts& facts,
                                          const Workload& workload,
                                          const std::vector<Instances>& placed,
                                          const Fits& fits);

/// The same of the apps at these indexes alone.
std::vector<RollingRestart> judge_rolling(const ClusterFacts& facts,
                                          std::span<const std::uint32_t> apps);

/// What Marathon keeps and allows of `instances` by the upgrade strategy of the app, of which
/// `healthy` run.
RollingRestart rolling_limits(const MarathonApp& app, std::int64_t healthy);

}  // namespace caretaker
