// SPDX-License-Identifier: Apache-2.0
// Removals from a Docker Engine as recorded actions. No IO.
#pragma once

#include "common/base/upkeep_plan.hpp"
#include "jobs/cleanup/docker_plan.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct DockerKindInfo {
    DockerKind kind{};
    const char* action = "";  // Action::kind
    const char* row = "";     // PlannedRow::kind
    const char* plural = "";
    double max_percent = 0;  // unless --max-percent says otherwise
};

/// How Action::error begins where something was left alone because it is not what was planned.
inline constexpr std::string_view changed_words = "changed since it was planned";

const DockerKindInfo& info_of(DockerKind kind);

/// Action::identity; it tells a reference of an image from a later one: an image can have several.
std::string identity_of(const PlannedRemoval& removal);

/// Those of `unsettled` that are removals from an Engine, by what it has now.
std::vector<SettledAction> settle_docker(const DockerFacts& facts,
                                         std::span<const UnsettledAction> unsettled);

}  // namespace caretaker
