// SPDX-License-Identifier: Apache-2.0
// What a person should know about the apps of a cluster: where they have no room, why what is left
// is of no use to them, and what becomes of them when agents go.
#pragma once

#include "common/base/report.hpp"
#include "jobs/leftovers/leftovers_report.hpp"

#include <vector>

namespace caretaker {

/// Where apps are known. Codes: see find_leftovers_findings().
void add_app_findings(const LeftoversResult& result, std::vector<Finding>& findings);

}  // namespace caretaker
