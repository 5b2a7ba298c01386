// SPDX-License-Identifier: Apache-2.0
// One agent as the master's answers describe it.
#pragma once

#include "common/clients/mesos_resource.hpp"
#include "common/json/json_view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// Name and text; of an attribute that is given twice the first counts, as it does for Marathon.
using MesosAttributes = std::vector<std::pair<std::string, std::string>>;

struct MesosAgent {
    std::string id{};
    std::string hostname{};
    std::string address{};  // IP of the agent's process; empty when `pid` is missing
    std::string region{};   // of its fault domain
    std::string zone{};
    MesosAttributes attributes{};
    std::int64_t registered_ms = 0;  // 0: not told
    bool is_active = true;
    bool is_deactivated = false;
    std::string drain_state{};  // "DRAINING", "DRAINED" or empty

    /// Lists of /slaves (Mesos 1.4 on, the unreserved ones) and of GET_AGENTS; then these count and
    /// not the sums.
    bool is_detailed = false;
    std::vector<MesosResource> total{};
    std::vector<MesosResource> used{};
    std::vector<MesosResource> offered{};

    MesosSums sum{};
    std::optional<MesosSums> used_sum{};  // none before Mesos 0.23
    MesosSums offered_sum{};
    std::vector<std::pair<std::string, MesosSums>> reserved_sums{};  // by role
    std::optional<MesosSums> unreserved_sum{};
};

/// An element of `slaves`, of /slaves, /state or /state-summary. Throws JsonError.
MesosAgent read_mesos_agent(JsonView agent);

/// An element of `agents` of GET_AGENTS. Throws JsonError.
MesosAgent read_mesos_v1_agent(JsonView agent);

/// The region of the fault domain of a master as it tells of itself; empty where it has none.
std::string read_mesos_region(JsonView master);

/// The value of an attribute as Marathon compares it: a number with at most three decimals (half to
/// even on its exact binary value) and no trailing zeros, ranges "[1-2,5-9]" and sets "{a,b}"
/// sorted and without blanks, all else as it is.
std::string format_attribute(JsonView value);

/// The same of a number.
std::string format_scalar_attribute(double value);

}  // namespace caretaker
