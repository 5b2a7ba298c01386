// SPDX-License-Identifier: Apache-2.0
#include "tests/support/json_shape.hpp"

#include <algorithm>
#include <iterator>

namespace caretaker::testing {

namespace {

std::string_view type_of(const rapidjson::Value& value) {
    if (value.IsString()) {
        return "text";
    }
    if (value.IsNumber()) {
        return "number";
    }
    if (value.IsBool()) {
        return "flag";
    }
    return value.IsObject() ? "object" : value.IsArray() ? "array" : "null";
}

void collect(const rapidjson::Value& value,
             const std::string& path,
             std::string_view name,
             const std::set<std::string_view>& maps,
             std::set<std::string>& shape) {
    if (!path.empty()) {
        shape.insert(path + ": " + std::string(type_of(value)));
    }
    if (value.IsObject()) {
        for (const auto& member : value.GetObject()) {
            const std::string_view key(member.name.GetString(), member.name.GetStringLength());
            const std::string shown = maps.contains(name) ? "*" : std::string(key);
            collect(member.value, path.empty() ? shown : path + "." + shown, key, maps, shape);
        }
    } else if (value.IsArray()) {
        for (const auto& element : value.GetArray()) {
            collect(element, path + "[]", name, maps, shape);
        }
    }
}

}  // namespace

std::set<std::string> json_shape(const rapidjson::Value& document,
                                 const std::set<std::string_view>& maps) {
    std::set<std::string> shape;
    collect(document, "", "", maps, shape);
    return shape;
}

std::set<std::string> missing_shape(const std::set<std::string>& had,
                                    const std::set<std::string>& wanted) {
    std::set<std::string> missing;
    std::ranges::set_difference(wanted, had, std::inserter(missing, missing.end()));
    return missing;
}

}  // namespace caretaker::testing
