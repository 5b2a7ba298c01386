// SPDX-License-Identifier: Apache-2.0
// JSON documents of several levels, written as they look.
#pragma once

#include "common/output/json_writer.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace caretaker {

/// A document whose members `write` adds.
inline std::string make_json(const std::function<void(JsonWriter&)>& write) {
    JsonWriter json;
    json.begin_object();
    write(json);
    json.end_object();
    return std::string(json.text());
}

/// An object as a member.
inline void add_object(JsonWriter& json,
                       std::string_view name,
                       const std::function<void()>& write) {
    json.key(name);
    json.begin_object();
    write();
    json.end_object();
}

/// An array as a member.
inline void add_array(JsonWriter& json, std::string_view name, const std::function<void()>& write) {
    json.key(name);
    json.begin_array();
    write();
    json.end_array();
}

}  // namespace caretaker
