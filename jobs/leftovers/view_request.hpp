// SPDX-License-Identifier: Apache-2.0
// For whom and under which rules leftovers are shown: the options.
#pragma once

#include "jobs/leftovers/agent_state_model.hpp"
#include "jobs/leftovers/cluster_builder.hpp"
#include "jobs/leftovers/role_view_model.hpp"

namespace caretaker {

class CommandOptions;

class ViewRequest {
 public:
    void describe(CommandOptions& command);

    void configure() { states_.heeds_windows = !no_maintenance_mode_; }

    /// The role is empty where none was named.
    [[nodiscard]] const RoleChoice& choice() const { return choice_; }

    /// Of apps that do not say what they accept.
    [[nodiscard]] AcceptedRoles default_accepted() const { return default_accepted_; }

    /// What outstanding offers count as.
    [[nodiscard]] OfferedResources offered() const { return offered_; }

    /// Without the time.
    [[nodiscard]] const AgentStateRules& states() const { return states_; }

 private:
    RoleChoice choice_{.role = {}, .accepted = AcceptedRoles::any};
    AcceptedRoles default_accepted_ = AcceptedRoles::any;
    OfferedResources offered_ = OfferedResources::are_free;
    AgentStateRules states_{};
    bool no_maintenance_mode_ = false;
};

}  // namespace caretaker
