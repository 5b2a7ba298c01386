// SPDX-License-Identifier: Apache-2.0
// Whether a bundle can be brought to a Kibana of this version. No IO.
#pragma once

#include "jobs/kibana/provision_bundle_model.hpp"

#include <string>
#include <vector>

namespace caretaker {

/// `objects`: those of the bundle that are meant for this version; `place`: how the Kibana is
/// called in a message. Throws UsageError where the bundle wants a space, a newer Kibana, or was
/// exported from one whose objects this one cannot read.
void check_bundle_version(const Bundle& bundle,
                          const std::vector<const BundleObject*>& objects,
                          const DashboardsVersion& version,
                          const std::string& place);

}  // namespace caretaker
