// SPDX-License-Identifier: Apache-2.0
// What a check of `doctor` gives back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

enum class CheckState {
    ok,
    warning,  // works, and may not for long
    failed,   // does not work
    skipped,  // not configured, or not to be told from here
};

std::string_view to_string(CheckState state);

struct CheckRow {
    std::string check{};    // what was looked at: "store", "tls"
    std::string subject{};  // which one: a path, an address
    CheckState state = CheckState::ok;
    std::string found{};   // in words
    std::string advice{};  // what to do; empty when nothing
};

using CheckRows = std::vector<CheckRow>;

}  // namespace caretaker
