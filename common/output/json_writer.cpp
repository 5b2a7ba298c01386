// SPDX-License-Identifier: Apache-2.0
#include "common/output/json_writer.hpp"

#include "common/text/timestamp.hpp"
#include "common/text/utf8.hpp"

#include <cmath>

namespace caretaker {

namespace {

constexpr std::int64_t largest_safe = std::int64_t{1} << 53;

rapidjson::SizeType size_of(std::string_view text) {
    return static_cast<rapidjson::SizeType>(text.size());
}

}  // namespace

void JsonWriter::key(std::string_view name) {
    writer_.Key(name.data(), size_of(name));
}

void JsonWriter::value(std::string_view text) {
    const std::string valid = to_valid_utf8(text);
    writer_.String(valid.data(), size_of(valid));
}

void JsonWriter::value(std::int64_t number) {
    if (number > largest_safe || number < -largest_safe) {
        value(std::to_string(number));
    } else {
        writer_.Int64(number);
    }
}

void JsonWriter::value(double number) {
    if (!std::isfinite(number)) {
        writer_.Null();
    } else if (number == std::trunc(number) &&
               std::fabs(number) <= static_cast<double>(largest_safe)) {
        writer_.Int64(static_cast<std::int64_t>(number));
    } else {
        writer_.Double(number);
    }
}

void JsonWriter::number_text(std::string_view digits) {
    writer_.RawValue(digits.data(), digits.size(), rapidjson::kNumberType);
}

void JsonWriter::value(WallTime time) {
    value(format_rfc3339(time));
}

void JsonWriter::value(const Cell& cell) {
    struct Write {
        JsonWriter& out;

        void operator()(std::monostate) const { out.null(); }

        void operator()(std::int64_t number) const { out.value(number); }

        void operator()(double number) const { out.value(number); }

        void operator()(bool flag) const { out.value(flag); }

        void operator()(const std::string& text) const { out.value(text); }

        void operator()(WallTime time) const { out.value(time); }
    };

    std::visit(Write{*this}, cell);
}

void JsonWriter::value(const std::vector<Label>& labels) {
    begin_object();
    for (const Label& label : labels) {
        member(label.key, label.value);
    }
    end_object();
}

void JsonWriter::end_line() {
    buffer_.Put('\n');
    writer_.Reset(buffer_);
}

}  // namespace caretaker
