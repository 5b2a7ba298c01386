// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/refusal.hpp"

#include <array>

namespace caretaker {

std::string_view to_string(Refusal refusal) {
    constexpr std::array<std::string_view, refusal_count> names{"none",
                                                                "Unavailable",
                                                                "Dust",
                                                                "QuotaExhausted",
                                                                "UnfulfilledRole",
                                                                "UnfulfilledConstraint",
                                                                "AgentMaintenance",
                                                                "InsufficientCpus",
                                                                "InsufficientMemory",
                                                                "InsufficientDisk",
                                                                "InsufficientGpus",
                                                                "InsufficientPorts",
                                                                "DeclinedScarceResources"};
    return names.at(static_cast<std::size_t>(refusal));
}

}  // namespace caretaker
