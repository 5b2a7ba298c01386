// SPDX-License-Identifier: Apache-2.0
// Members of JSON objects that may be missing.
#pragma once

#include "common/json/json_view.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Empty where the member is missing or null. Throws JsonError for another type.
inline std::string json_text_or_empty(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::string(member->text()) : std::string();
}

/// `otherwise` where the member is missing or null. Throws JsonError for another type.
inline bool json_flag_or(JsonView object, std::string_view name, bool otherwise) {
    const auto member = object.find(name);
    return member ? member->flag() : otherwise;
}

/// None where the member is missing or null. Throws JsonError for another type.
inline std::vector<JsonView> json_elements_of(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? member->elements() : std::vector<JsonView>{};
}

}  // namespace caretaker
