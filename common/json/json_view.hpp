// SPDX-License-Identifier: Apache-2.0
// Looks into a JSON value from outside: every wrong shape is an error that names its path, never an
// assertion.
#pragma once

#include <rapidjson/fwd.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct JsonMember;

/// What the values of one document share; lives as long as the document.
struct JsonOrigin {
    std::string what{};     // for messages: "elasticsearch: GET http://es1:9200/"
    std::string path{"$"};  // of `root`
    const rapidjson::Value* root = nullptr;
    std::string advice{};  // ends messages; empty: what helps with an answer of a service
};

/// A value inside a document that somebody else owns; as cheap to copy as two pointers. Getters
/// throw JsonError "json_shape" with the path of what was missing or of another type.
class JsonView {
 public:
    JsonView(const rapidjson::Value& value, const JsonOrigin& origin)
        : value_(&value), origin_(&origin) {}

    [[nodiscard]] bool is_null() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_array() const;
    [[nodiscard]] bool is_text() const;
    [[nodiscard]] bool is_number() const;
    [[nodiscard]] bool is_flag() const;

    /// The member of an object; of several with that name the first.
    [[nodiscard]] JsonView at(std::string_view name) const;

    /// The same, or nothing when the member is missing or null.
    [[nodiscard]] std::optional<JsonView> find(std::string_view name) const;

    [[nodiscard]] std::vector<JsonView> elements() const;
    [[nodiscard]] std::vector<JsonMember> members() const;

    /// Well-formed UTF-8; may hold NUL.
    [[nodiscard]] std::string_view text() const;

    /// A whole number that int64 holds. "3.0" is one too: Mesos writes every number as a float.
    [[nodiscard]] std::int64_t integer() const;

    /// The same, or a text of such a number: the `_cat` APIs of search engines quote theirs.
    [[nodiscard]] std::int64_t integer_or_digits() const;

    /// Finite.
    [[nodiscard]] double number() const;

    /// A number as JSON writes it: whole ones of 64 bits with all their digits, others as the
    /// shortest text of the same double.
    [[nodiscard]] std::string number_text() const;

    [[nodiscard]] bool flag() const;

    /// "$.hits[3].name", "$['a.b']". Searches the whole document: for messages.
    [[nodiscard]] std::string path() const;

    /// Throws JsonError "json_shape": "<what>: <path> <complaint>; <advice>".
    [[noreturn]] void fail(std::string_view complaint) const;

 private:
    [[noreturn]] void fail_type(std::string_view wanted) const;

    const rapidjson::Value* value_;
    const JsonOrigin* origin_;
};

struct JsonMember {
    std::string_view name{};
    JsonView value;
};

}  // namespace caretaker
