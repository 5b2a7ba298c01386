// SPDX-License-Identifier: Apache-2.0
#include "common/config/target_name.hpp"

#include <algorithm>

namespace caretaker {

bool is_target_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && name != "all" &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

}  // namespace caretaker
