// SPDX-License-Identifier: Apache-2.0
// Findings of provisioning, which rounds over the fleet neither look for nor see gone.
#pragma once

#include "common/base/report.hpp"

#include <string_view>

namespace caretaker {

inline constexpr std::string_view drift_code = "kibana_drift";
inline constexpr std::string_view empty_pattern_code = "pattern_matches_nothing";

inline bool is_about_provisioning(const Finding& finding) {
    return finding.code == drift_code || finding.code == empty_pattern_code;
}

}  // namespace caretaker
