// SPDX-License-Identifier: Apache-2.0
// A value of one document, put into another as it is.
#pragma once

#include "common/json/json_view.hpp"

namespace caretaker {

/// `json` is a JsonWriter, which this layer does not know. No digit of a number is lost that a
/// JsonDocument holds: whole numbers of 64 bits stay as they are.
template <typename Writer>
void copy_json(JsonView value, Writer& json) {
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
        json.number_text(value.number_text());
    } else {
        json.null();
    }
}

}  // namespace caretaker
