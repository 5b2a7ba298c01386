// SPDX-License-Identifier: Apache-2.0
#include "tests/support/json_schema.hpp"

#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>

#include <fstream>
#include <sstream>

namespace caretaker::testing {

namespace {

using Allocator = rapidjson::Document::AllocatorType;

rapidjson::Document read_schema(const std::string& file) {
    std::ifstream in(std::string(CARETAKER_SOURCE_DIR) + "/docs/schema/" + file);
    std::ostringstream text;
    text << in.rdbuf();
    return parse_json(text.str());
}

/// Whatever is named by another file is taken into this one: the validator follows no files.
void take_in_references(rapidjson::Value& value, std::string& other_file, Allocator& memory) {
    if (value.IsArray()) {
        for (rapidjson::Value& element : value.GetArray()) {
            take_in_references(element, other_file, memory);
        }
    }
    if (!value.IsObject()) {
        return;
    }
    for (auto& member : value.GetObject()) {
        const std::string text = member.value.IsString() ? member.value.GetString() : "";
        const std::size_t hash = text.find('#');
        if (std::string_view(member.name.GetString()) == "$ref" && hash != 0 &&
            hash != std::string::npos) {
            other_file = text.substr(0, hash);
            member.value.SetString(text.substr(hash).c_str(), memory);
        } else {
            take_in_references(member.value, other_file, memory);
        }
    }
}

void add_definitions(rapidjson::Document& schema, const std::string& file) {
    const rapidjson::Document other = read_schema(file);
    for (const auto& definition : json_at(other, "definitions").GetObject()) {
        schema["definitions"].AddMember(rapidjson::Value(definition.name, schema.GetAllocator()),
                                        rapidjson::Value(definition.value, schema.GetAllocator()),
                                        schema.GetAllocator());
    }
}

void forbid_further_fields(rapidjson::Value& value, Allocator& memory) {
    if (value.IsArray()) {
        for (rapidjson::Value& element : value.GetArray()) {
            forbid_further_fields(element, memory);
        }
    }
    if (!value.IsObject()) {
        return;
    }
    for (auto& member : value.GetObject()) {
        forbid_further_fields(member.value, memory);
    }
    if (value.HasMember("properties") && value["properties"].IsObject() &&
        !value.HasMember("additionalProperties")) {
        value.AddMember("additionalProperties", false, memory);
    }
}

std::string pointer_text(const rapidjson::Pointer& pointer) {
    rapidjson::StringBuffer text;
    pointer.StringifyUriFragment(text);
    return text.GetString();
}

}  // namespace

JsonSchema::JsonSchema(const std::string& file) : source_(read_schema(file)) {
    rapidjson::Document whole;
    whole.CopyFrom(source_, whole.GetAllocator());
    std::string other_file;
    take_in_references(whole, other_file, whole.GetAllocator());
    if (!other_file.empty()) {
        add_definitions(whole, other_file);
    }
    forbid_further_fields(whole, whole.GetAllocator());
    schema_ = std::make_unique<rapidjson::SchemaDocument>(whole);
}

std::string JsonSchema::problem_of(std::string_view text) const {
    const rapidjson::Document document = parse_json(text);
    rapidjson::SchemaValidator validator(*schema_);
    if (document.Accept(validator)) {
        return "";
    }
    return fmt::format("{} breaks '{}' of the schema at {}: {}",
                       pointer_text(validator.GetInvalidDocumentPointer()),
                       validator.GetInvalidSchemaKeyword(),
                       pointer_text(validator.GetInvalidSchemaPointer()),
                       text);
}

std::string problem_of_output(std::string_view text) {
    static const JsonSchema document_schema("caretaker.run-1.json");
    static const JsonSchema event_schema("caretaker.run-1.event.json");
    if (!text.ends_with('\n')) {
        return "the output does not end with a line break";
    }
    const std::size_t last_break = text.rfind('\n', text.size() - 2);
    const std::string_view last =
        text.substr(last_break == std::string_view::npos ? 0 : last_break + 1);
    const bool ended = last.starts_with(R"({"type":"run_end",)");
    if (last.size() == text.size() && !ended) {
        return document_schema.problem_of(text);
    }
    if (!ended) {
        return fmt::format("the last event is not run_end: {}", last);
    }
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string problem = event_schema.problem_of(text.substr(0, end));
        if (!problem.empty()) {
            return problem;
        }
        text.remove_prefix(end + 1);
    }
    return "";
}

}  // namespace caretaker::testing
