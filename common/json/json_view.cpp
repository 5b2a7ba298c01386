// SPDX-License-Identifier: Apache-2.0
#include "common/json/json_view.hpp"

#include "common/json/json_error.hpp"
#include "common/json/json_path.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <charconv>
#include <cmath>

namespace caretaker {

namespace {

std::string_view text_of(const rapidjson::Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

std::string_view type_of(const rapidjson::Value& value) {
    switch (value.GetType()) {
        case rapidjson::kNullType:
            return "null";
        case rapidjson::kFalseType:
        case rapidjson::kTrueType:
            return "a boolean";
        case rapidjson::kObjectType:
            return "an object";
        case rapidjson::kArrayType:
            return "an array";
        case rapidjson::kStringType:
            return "a text";
        case rapidjson::kNumberType:
            break;
    }
    return "a number";
}

/// By name and length: RapidJSON's own look-up by C string would stop at a NUL.
const rapidjson::Value* find_member(const rapidjson::Value& object, std::string_view name) {
    for (const auto& member : object.GetObject()) {
        if (text_of(member.name) == name) {
            return &member.value;
        }
    }
    return nullptr;
}

std::optional<std::int64_t> whole_number(const rapidjson::Value& value) {
    constexpr double two_to_63 = 9'223'372'036'854'775'808.0;
    if (value.IsInt64()) {
        return value.GetInt64();
    }
    if (!value.IsDouble()) {
        return std::nullopt;
    }
    const double number = value.GetDouble();
    if (std::trunc(number) != number || number < -two_to_63 || number >= two_to_63) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> digits(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

/// The way from `value` down to `wanted`, appended to `path`. Recursion is bounded by
/// max_json_depth.
bool append_way(const rapidjson::Value& value, const rapidjson::Value* wanted, std::string& path) {
    if (&value == wanted) {
        return true;
    }
    const std::size_t length = path.size();
    if (value.IsObject()) {
        for (const auto& member : value.GetObject()) {
            append_json_name(path, text_of(member.name));
            if (append_way(member.value, wanted, path)) {
                return true;
            }
            path.resize(length);
        }
    } else if (value.IsArray()) {
        for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
            append_json_index(path, i);
            if (append_way(value[i], wanted, path)) {
                return true;
            }
            path.resize(length);
        }
    }
    return false;
}

[[noreturn]] void throw_shape(const JsonOrigin& origin,
                              std::string_view path,
                              std::string_view complaint) {
    throw JsonError(
        JsonFault::shape,
        fmt::format("{}: {} {}; {}",
                    origin.what,
                    path,
                    complaint,
                    origin.advice.empty() ? "is it a version that caretaker does not know?"
                                          : origin.advice));
}

}  // namespace

bool JsonView::is_null() const {
    return value_->IsNull();
}

bool JsonView::is_object() const {
    return value_->IsObject();
}

bool JsonView::is_array() const {
    return value_->IsArray();
}

bool JsonView::is_text() const {
    return value_->IsString();
}

bool JsonView::is_number() const {
    return value_->IsNumber();
}

bool JsonView::is_flag() const {
    return value_->IsBool();
}

JsonView JsonView::at(std::string_view name) const {
    if (!is_object()) {
        fail_type("an object");
    }
    const rapidjson::Value* member = find_member(*value_, name);
    if (member == nullptr) {
        std::string wanted = path();
        append_json_name(wanted, name);
        throw_shape(*origin_, wanted, "is missing");
    }
    return {*member, *origin_};
}

std::optional<JsonView> JsonView::find(std::string_view name) const {
    if (!is_object()) {
        fail_type("an object");
    }
    const rapidjson::Value* member = find_member(*value_, name);
    if (member == nullptr || member->IsNull()) {
        return std::nullopt;
    }
    return JsonView(*member, *origin_);
}

std::vector<JsonView> JsonView::elements() const {
    if (!is_array()) {
        fail_type("an array");
    }
    std::vector<JsonView> out;
    out.reserve(value_->Size());
    for (const rapidjson::Value& element : value_->GetArray()) {
        out.emplace_back(element, *origin_);
    }
    return out;
}

std::vector<JsonMember> JsonView::members() const {
    if (!is_object()) {
        fail_type("an object");
    }
    std::vector<JsonMember> out;
    out.reserve(value_->MemberCount());
    for (const auto& member : value_->GetObject()) {
        out.push_back({text_of(member.name), JsonView(member.value, *origin_)});
    }
    return out;
}

std::string_view JsonView::text() const {
    if (!is_text()) {
        fail_type("a text");
    }
    return text_of(*value_);
}

std::int64_t JsonView::integer() const {
    const auto number = whole_number(*value_);
    if (!number) {
        is_number() ? fail("is not a whole number of 64 bits") : fail_type("a whole number");
    }
    return *number;
}

std::int64_t JsonView::integer_or_digits() const {
    if (!is_text()) {
        return integer();
    }
    const auto number = digits(text());
    if (!number) {
        fail(fmt::format("is '{}', not a whole number", text().substr(0, 40)));
    }
    return *number;
}

double JsonView::number() const {
    if (!is_number()) {
        fail_type("a number");
    }
    return value_->GetDouble();
}

std::string JsonView::number_text() const {
    if (value_->IsInt64()) {
        return fmt::format("{}", value_->GetInt64());
    }
    if (value_->IsUint64()) {
        return fmt::format("{}", value_->GetUint64());
    }
    return fmt::format("{}", number());
}

bool JsonView::flag() const {
    if (!is_flag()) {
        fail_type("a boolean");
    }
    return value_->GetBool();
}

std::string JsonView::path() const {
    std::string path = origin_->path;
    append_way(*origin_->root, value_, path);
    return path;
}

void JsonView::fail(std::string_view complaint) const {
    throw_shape(*origin_, path(), complaint);
}

void JsonView::fail_type(std::string_view wanted) const {
    fail(fmt::format("is {}, not {}", type_of(*value_), wanted));
}

}  // namespace caretaker
