// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/fleet_event.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/uuid.hpp"
#include "jobs/kibana/kibana_coverage.hpp"
#include "jobs/kibana/kibana_fleet.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace caretaker {

namespace {

std::optional<KibanaEvidence> evidence_of(const KibanaFacts& kibana, const KibanaFleet& fleet) {
    if (kibana.app.id.empty()) {
        return std::nullopt;
    }
    const std::chrono::milliseconds idle_after = fleet.policy_of(kibana).idle_after;
    return KibanaEvidence{
        .last_use = kibana.state.last_activity,
        .seen_by = kibana.state.activity_source,
        .watched_percent = watched_percent(kibana.watched, idle_after, fleet.now()),
        .idle_after = idle_after};
}

}  // namespace

KibanaEvent make_kibana_event(std::string_view kind,
                              const KibanaFacts& kibana,
                              const KibanaDecision& decision,
                              const KibanaFleet& fleet,
                              const Context& context) {
    const WallTime now = context.clock.now();
    return {.id = make_uuid7(now),
            .kind = std::string(kind),
            .at = now,
            .app = kibana.app.id,
            .labels = kibana.app.labels,
            .verdict = std::string(to_string(decision.verdict)),
            .reason = decision.reason,
            .idle_since = decision.quiet_since,
            .deadline = decision.deadline,
            .evidence = evidence_of(kibana, fleet),
            .run = context.run.uid};
}

}  // namespace caretaker
