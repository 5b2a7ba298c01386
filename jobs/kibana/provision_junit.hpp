// SPDX-License-Identifier: Apache-2.0
// What provisioning came to as a JUnit report, which Jenkins shows object by object.
#pragma once

#include "jobs/kibana/provision_report.hpp"

#include <string>

namespace caretaker {

/// One test suite with a test case for each object: failed where it was not written, skipped where
/// it is as people changed it. Where nothing is known of the objects, one case with an error. No
/// IO.
std::string format_junit(const ProvisionOutcome& outcome);

/// Throws UsageError where the file cannot be written.
void write_junit_file(const std::string& path, const ProvisionOutcome& outcome);

}  // namespace caretaker
