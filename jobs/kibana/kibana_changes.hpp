// SPDX-License-Identifier: Apache-2.0
// What is done to a Kibana: each change with what must be kept before it and told after it.
#pragma once

#include "common/base/action_executor.hpp"
#include "jobs/kibana/event_outbox.hpp"
#include "jobs/kibana/fleet_news.hpp"
#include "jobs/kibana/kibana_fleet.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Changes one app after the other, at most one a second, and waits for each deployment. The state
/// is kept before the request leaves, so that after a crash at any instant an app at 0 instances is
/// known to be ours. Functions throw RemoteError, JsonError, StoreError and Interrupted.
class KibanaChanges {
 public:
    KibanaChanges(KibanaFleet& fleet, JobMemory& memory, EventOutbox& outbox, Context& context);

    /// From now on a change that Marathon has taken is done, whatever becomes of its deployment:
    /// who wakes waits for the Kibana itself.
    void leave_deployments_alone() { waits_for_deployments_ = false; }

    /// From now on nothing is suspended that was used, or protected, since it was planned.
    void spare_whoever_is_used() { spares_used_ = true; }

    /// Tells the owner; not done when a webhook does not take it: it then waits in the outbox.
    ActionResult notify(const KibanaFacts& kibana, const KibanaDecision& decision, KibanaStep step);

    ActionResult suspend(const KibanaFacts& kibana, const KibanaDecision& decision);
    ActionResult resume(const KibanaFacts& kibana, const std::string& reason);
    ActionResult destroy(const KibanaFacts& kibana, const KibanaDecision& decision);

    /// Makes an app anew that Marathon does not have any more, from its kept definition.
    ActionResult restore(const std::string& id, const std::string& reason);

    /// Delivers an event that waits, and remembers a notice as given. A notice names the time that
    /// holds now, not the one of when it could not be delivered.
    ActionResult deliver(WaitingEvent event);

    /// Tells of the fleet as a whole.
    ActionResult tell_fleet(const FleetNews& news);

    /// What went wrong with events of changes that were made; one sentence each.
    [[nodiscard]] const std::vector<std::string>& troubles() const { return troubles_; }

 private:
    /// Why the app is no longer as it was planned; empty: it is.
    std::string find_change(const KibanaFacts& kibana);
    /// That of its present version; false where the app could not be made anew from it.
    bool keep_definition(const KibanaFacts& kibana);
    void note_woken(const std::string& id);
    void change_state(const std::string& id, const std::function<void(KibanaState&)>& change);
    void await_turn();
    ActionResult finish(const MarathonChange& change);
    KibanaEvent make_event(std::string_view kind,
                           const KibanaFacts& kibana,
                           const KibanaDecision& decision);
    /// Writes a notice anew, by what is decided now.
    void renew(WaitingEvent& event);
    void tell(const KibanaEvent& event);
    void remember_notice(const std::string& app,
                         std::string_view kind,
                         const std::optional<WallTime>& idle_since);

    struct Creation {
        MarathonChange change{};
        bool has_other_ports = false;
    };

    Creation create(JsonView definition, std::int64_t instances);
    std::string describe_ports(const std::string& id);

    KibanaFleet& fleet_;
    JobMemory& memory_;
    EventOutbox& outbox_;
    Context& context_;
    std::optional<SteadyTime> last_change_{};
    bool waits_for_deployments_ = true;
    bool spares_used_ = false;
    std::vector<std::string> troubles_{};
};

/// How many instances the app gets when it is woken: by its label, else those it had, else one.
std::int64_t instances_to_wake(const KibanaLabels& labels, const KibanaState& state);

}  // namespace caretaker
