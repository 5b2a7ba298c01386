// SPDX-License-Identifier: Apache-2.0
// What every parser of JSON from outside shares: limits, flags and messages.
#pragma once

#include "common/json/json_error.hpp"

#include <rapidjson/reader.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

inline constexpr std::size_t max_json_depth = 256;

/// May stand before a document, and is no part of it.
inline constexpr std::string_view json_byte_order_mark = "\xEF\xBB\xBF";

/// Iterative: the recursive parser needs stack for each `[` and dies of 200 000 of them. Not with
/// full precision: RapidJSON 1.1 then reads beyond a table for long numbers with large exponents,
/// and we need no last digit.
inline constexpr unsigned json_parse_flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

/// The error for a text that ended the parser with `code` at byte `offset`; `near` is what stands
/// there. Without `advice` the message says what helps with an answer of a service.
JsonError describe_json_error(rapidjson::ParseErrorCode code,
                              std::size_t offset,
                              std::string_view near,
                              std::string_view what,
                              std::string_view advice = {});

JsonError describe_json_depth(std::size_t offset,
                              std::string_view what,
                              std::string_view advice = {});

/// Hands RapidJSON's events on to `Handler` and ends the parser where they nest too deep.
template <typename Handler>
class JsonDepthGuard {
 public:
    explicit JsonDepthGuard(Handler& handler) : handler_(handler) {}

    [[nodiscard]] bool is_too_deep() const { return depth_ > max_json_depth; }

    // The names are RapidJSON's.
    // NOLINTBEGIN(readability-identifier-naming)
    bool Null() { return handler_.Null(); }

    bool Bool(bool flag) { return handler_.Bool(flag); }

    bool Int(int number) { return handler_.Int(number); }

    bool Uint(unsigned number) { return handler_.Uint(number); }

    bool Int64(std::int64_t number) { return handler_.Int64(number); }

    bool Uint64(std::uint64_t number) { return handler_.Uint64(number); }

    bool Double(double number) { return handler_.Double(number); }

    bool RawNumber(const char* text, rapidjson::SizeType length, bool copy) {
        return handler_.RawNumber(text, length, copy);
    }

    bool String(const char* text, rapidjson::SizeType length, bool copy) {
        return handler_.String(text, length, copy);
    }

    bool Key(const char* text, rapidjson::SizeType length, bool copy) {
        return handler_.Key(text, length, copy);
    }

    bool StartObject() { return ++depth_ <= max_json_depth && handler_.StartObject(); }

    bool StartArray() { return ++depth_ <= max_json_depth && handler_.StartArray(); }

    bool EndObject(rapidjson::SizeType members) {
        --depth_;
        return handler_.EndObject(members);
    }

    bool EndArray(rapidjson::SizeType elements) {
        --depth_;
        return handler_.EndArray(elements);
    }

    // NOLINTEND(readability-identifier-naming)

 private:
    Handler& handler_;
    std::size_t depth_ = 0;
};

}  // namespace caretaker
