// SPDX-License-Identifier: Apache-2.0
// Whether the leases that keep hosts apart can be read, and who holds which.
#pragma once

#include "common/clients/lease_plan.hpp"
#include "jobs/doctor/doctor_check.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

struct Context;

/// Asks the search engine of `target` for its leases, for at most 5 s a request; no rows unless
/// lock.backend is elasticsearch. Writes nothing: whether leases may be written, a run shows.
CheckRows check_leases(const Context& context, const std::string& target);

/// What the leases on locks of `target` say; nothing: there is no index of them yet.
CheckRows judge_leases(const std::optional<std::vector<Lease>>& leases,
                       const std::string& target,
                       WallTime now,
                       std::chrono::milliseconds ttl);

}  // namespace caretaker
