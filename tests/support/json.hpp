// SPDX-License-Identifier: Apache-2.0
// Reading JSON in tests: every mistake is an exception that names the key, never an assertion.
#pragma once

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace caretaker::testing {

/// Throws std::runtime_error, with the text, when it is not exactly one JSON document.
inline rapidjson::Document parse_json(std::string_view text) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(
        text.data(), text.size());
    if (document.HasParseError()) {
        throw std::runtime_error(fmt::format("not JSON: {} at byte {} of: {}",
                                             rapidjson::GetParseError_En(document.GetParseError()),
                                             document.GetErrorOffset(),
                                             text));
    }
    return document;
}

/// The member `key` of an object; throws when there is none.
inline const rapidjson::Value& json_at(const rapidjson::Value& object, const char* key) {
    if (!object.IsObject() || !object.HasMember(key)) {
        throw std::runtime_error(fmt::format("JSON has no member '{}'", key));
    }
    return object[key];
}

inline std::string json_text(const rapidjson::Value& object, const char* key) {
    const rapidjson::Value& value = json_at(object, key);
    if (!value.IsString()) {
        throw std::runtime_error(fmt::format("JSON member '{}' is not a string", key));
    }
    return {value.GetString(), value.GetStringLength()};
}

inline std::int64_t json_integer(const rapidjson::Value& object, const char* key) {
    const rapidjson::Value& value = json_at(object, key);
    if (!value.IsInt64()) {
        throw std::runtime_error(fmt::format("JSON member '{}' is not an integer", key));
    }
    return value.GetInt64();
}

inline double json_number(const rapidjson::Value& object, const char* key) {
    const rapidjson::Value& value = json_at(object, key);
    if (!value.IsNumber()) {
        throw std::runtime_error(fmt::format("JSON member '{}' is not a number", key));
    }
    return value.GetDouble();
}

inline rapidjson::Value::ConstArray json_array(const rapidjson::Value& object, const char* key) {
    const rapidjson::Value& value = json_at(object, key);
    if (!value.IsArray()) {
        throw std::runtime_error(fmt::format("JSON member '{}' is not an array", key));
    }
    return value.GetArray();
}

/// Unset for null.
inline std::optional<std::int64_t> json_optional_integer(const rapidjson::Value& object,
                                                         const char* key) {
    if (json_at(object, key).IsNull()) {
        return std::nullopt;
    }
    return json_integer(object, key);
}

/// Unset for null.
inline std::optional<std::string> json_optional_text(const rapidjson::Value& object,
                                                     const char* key) {
    if (json_at(object, key).IsNull()) {
        return std::nullopt;
    }
    return json_text(object, key);
}

}  // namespace caretaker::testing
