// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/json_copy.hpp"

#include <cmath>
#include <cstdint>

namespace caretaker {

void copy_json(JsonView value, JsonWriter& json) {
    if (value.is_object()) {
        json.begin_object();
        for (const JsonMember& member : value.members()) {
            json.key(member.name);
            copy_json(member.value, json);
        }
        json.end_object();
    } else if (value.is_array()) {
        json.begin_array();
        for (const JsonView& element : value.elements()) {
            copy_json(element, json);
        }
        json.end_array();
    } else if (value.is_text()) {
        json.value(value.text());
    } else if (value.is_flag()) {
        json.value(value.flag());
    } else if (value.is_number()) {
        constexpr double most = 9.0e15;  // beyond it a double has no fraction, and no sure digits
        const double number = value.number();
        if (number == std::trunc(number) && std::abs(number) < most) {
            json.value(static_cast<std::int64_t>(number));
        } else {
            json.value(number);
        }
    } else {
        json.null();
    }
}

}  // namespace caretaker
