// SPDX-License-Identifier: Apache-2.0
// Output made comparable: what differs from run to run becomes a word.
#pragma once

#include <string>

namespace caretaker::testing {

/// Replaces run ids, times, durations, ports, `host_name` and `directory`.
std::string normalise_output(std::string text,
                             const std::string& directory,
                             const std::string& host_name);

}  // namespace caretaker::testing
