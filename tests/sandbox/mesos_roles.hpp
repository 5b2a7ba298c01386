// SPDX-License-Identifier: Apache-2.0
// Roles of a Mesos cluster with what they use, and the master's metrics.
#pragma once

#include "tests/sandbox/mesos_documents.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caretaker::sandbox {

/// By resource: thousandths of scalars, thousand times the number of ports.
using RoleAmounts = std::map<std::string, std::int64_t>;

struct RoleFacts {
    double weight = 1.0;
    std::vector<std::string> frameworks{};  // ids
    RoleAmounts allocated{};                // of the role and those below it
    RoleAmounts offered{};
    RoleAmounts reserved{};
    RoleAmounts consumed{};  // allocated, and reserved beside that
    const FakeQuota* quota = nullptr;
};

/// Every role that somebody has, holds or is limited in, and those above it.
std::map<std::string, RoleFacts> gather_roles(const PlatformState& state);

/// /roles
void write_roles(Json& json, const MesosScene& scene);

/// The answer to GET_ROLES.
void write_v1_roles(Json& json, const MesosScene& scene);

/// What /metrics/snapshot shows; a master that does not lead shows zeros.
std::map<std::string, double> master_metrics(const MesosScene& scene);

}  // namespace caretaker::sandbox
