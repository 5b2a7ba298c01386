// SPDX-License-Identifier: Apache-2.0
// What this build is: version, commit and toolchain, fixed at configure time.
#pragma once

#include <string_view>

namespace caretaker {

struct BuildInfo {
    std::string_view version{};
    std::string_view commit{};
    std::string_view commit_date{};
    std::string_view compiler{};
    std::string_view build_type{};
    std::string_view architecture{};
};

/// Defined in the generated version.cpp.
const BuildInfo& build_info();

}  // namespace caretaker
