// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/doctor_check.hpp"

#include <array>
#include <cstddef>

namespace caretaker {

std::string_view to_string(CheckState state) {
    static constexpr std::array<std::string_view, 4> words{"ok", "warning", "failed", "skipped"};
    return words.at(static_cast<std::size_t>(state));
}

}  // namespace caretaker
