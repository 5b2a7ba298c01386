// SPDX-License-Identifier: Apache-2.0
// Letter case of ASCII text, the same under every locale; other bytes stay as they are.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);

}  // namespace caretaker
