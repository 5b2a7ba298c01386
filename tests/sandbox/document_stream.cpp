// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/document_stream.hpp"

#include <rapidjson/stringbuffer.h>

#include <cmath>
#include <utility>

namespace caretaker::sandbox {

Json& Json::number(double value) {
    if (!has_points_ && value == std::floor(value) && std::abs(value) < 1e15) {
        writer_.Int64(static_cast<std::int64_t>(value));
    } else {
        writer_.Double(value);
    }
    return *this;
}

Json& Json::raw(std::string_view json) {
    writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
}

Json& Json::texts(std::string_view name, const std::map<std::string, std::string>& values) {
    begin_object(name);
    for (const auto& [key, value] : values) {
        text(key, value);
    }
    return end_object();
}

ServedAnswer document_answer(std::function<void(Json&)> write, bool has_points) {
    return {.headers = {{"Content-Type", "application/json"}},
            .stream = [write = std::move(write), has_points](ServedStream& served) {
                DocumentStream stream([&](std::string_view bytes) { return served.write(bytes); });
                Json json(stream, has_points);
                write(json);
                stream.finish();
            }};
}

std::string format_value(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return buffer.GetString();
}

std::string format_document(const std::function<void(Json&)>& write, bool has_points) {
    std::string document;
    DocumentStream stream([&](std::string_view bytes) {
        document += bytes;
        return true;
    });
    Json json(stream, has_points);
    write(json);
    stream.finish();
    return document;
}

}  // namespace caretaker::sandbox
