// SPDX-License-Identifier: Apache-2.0
// The one way caretaker writes JSON: valid UTF-8 whatever comes in, integers that survive any
// reader.
#pragma once

#include "common/base/clock.hpp"
#include "common/base/report.hpp"
#include "common/base/table.hpp"
#include "common/output/text_out.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Writes JSON documents one after the other, a line each. Keys and values come in order.
class JsonWriter {
 public:
    void begin_object() { writer_.StartObject(); }

    void end_object() { writer_.EndObject(); }

    void begin_array() { writer_.StartArray(); }

    void end_array() { writer_.EndArray(); }

    void key(std::string_view name);

    void null() { writer_.Null(); }

    /// Bytes that are not UTF-8 become U+FFFD.
    void value(std::string_view text);

    void value(const std::string& text) { value(std::string_view(text)); }

    void value(const char* text) { value(std::string_view(text)); }

    /// Beyond ±2^53, where many readers lose digits, the number is written as a string.
    void value(std::int64_t number);

    void value(int number) { writer_.Int(number); }

    void value(bool flag) { writer_.Bool(flag); }

    /// Whole numbers without a point; NaN and infinities become null.
    void value(double number);

    /// A number by its digits, as it is: for values that go back to a service as they came.
    void number_text(std::string_view digits);

    /// RFC 3339, UTC, milliseconds.
    void value(WallTime time);

    void value(const Cell& cell);

    /// An object of strings.
    void value(const std::vector<Label>& labels);

    template <typename T>
    void member(std::string_view name, const T& content) {
        key(name);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-bounds-array-to-pointer-decay): of a literal
        value(content);
    }

    /// Ends the document that is complete now with a line break.
    void end_line();

    /// Hands on what has been written so far, in the middle of a document too.
    void move_to(TextOut& out) {
        out.append(text());
        buffer_.Clear();
    }

    /// Everything written so far and not yet handed on.
    [[nodiscard]] std::string_view text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace caretaker
