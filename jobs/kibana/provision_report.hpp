// SPDX-License-Identifier: Apache-2.0
// What a run of provisioning has to tell. No IO.
#pragma once

#include "common/base/report.hpp"
#include "jobs/kibana/provision_bundle_model.hpp"
#include "jobs/kibana/provision_drift_plan.hpp"
#include "jobs/kibana/provision_keeper.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// An object of the bundle, and what it comes to.
struct ProvisionedObject {
    const BundleObject* object = nullptr;
    ObjectStep step = ObjectStep::same;
    std::optional<KeptObject> kept{};      // as it was before
    std::optional<ActionResult> result{};  // of what was written
    std::string pattern_trouble{};         // of an index pattern
};

struct ProvisionOutcome {
    std::string place{};   // "/kibana/ads"
    std::string bundle{};  // "platform 3"
    std::vector<ProvisionedObject> objects{};
    bool is_known = false;       // what is there was looked at
    std::string sets_default{};  // id of the index pattern; empty: one is set
};

/// "create", "same", "update", "drift", "overwrite".
std::string_view to_string(ObjectStep step);

/// Whether the step writes.
bool is_write(ObjectStep step);

/// "dashboard/errors".
std::string describe_object(const BundleObject& object);

/// Table, findings, metrics and summary.
Report report_provisioning(const ProvisionOutcome& outcome);

}  // namespace caretaker
