// SPDX-License-Identifier: Apache-2.0
// Where the documents of runs go, as the settings name it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// The section of the settings about the server.
inline constexpr std::string_view outbox_section = "outbox.elasticsearch";

/// `outbox.index` with "2026.11" in the place of {month}, or "*" for the indices of all months.
std::string outbox_index(std::string pattern, std::string_view month);

}  // namespace caretaker
