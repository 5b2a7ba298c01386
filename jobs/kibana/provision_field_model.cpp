// SPDX-License-Identifier: Apache-2.0
#include "common/base/error.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"
#include "jobs/kibana/provision_template_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

using Fields = std::map<std::string, FieldUse, std::less<>>;

FieldUse use_of(std::string_view type) {
    constexpr std::array<std::string_view, 11> numbers{"long",
                                                       "integer",
                                                       "short",
                                                       "byte",
                                                       "double",
                                                       "float",
                                                       "half_float",
                                                       "scaled_float",
                                                       "unsigned_long",
                                                       "number",
                                                       "token_count"};
    constexpr std::array<std::string_view, 4> words{"keyword", "constant_keyword", "ip", "boolean"};
    if (type == "date" || type == "date_nanos") {
        return FieldUse::time;
    }
    if (std::ranges::find(numbers, type) != numbers.end()) {
        return FieldUse::number;
    }
    if (std::ranges::find(words, type) != words.end()) {
        return FieldUse::word;
    }
    return type == "text" || type == "string" || type == "match_only_text" ? FieldUse::text
                                                                           : FieldUse::other;
}

void add_field(Fields& fields, std::string_view name, FieldUse use) {
    if (!name.empty() && name.front() != '_') {
        const auto [at, is_new] = fields.emplace(name, use);
        if (!is_new && at->second != use) {
            at->second = FieldUse::other;  // not the same in all indices
        }
    }
}

void read_caps(JsonView list, Fields& fields) {
    for (const JsonMember& field : list.members()) {
        for (const JsonMember& type : field.value.members()) {
            add_field(fields, field.name, use_of(type.name));
        }
    }
}

void read_properties(JsonView properties, const std::string& prefix, Fields& fields) {
    for (const JsonMember& field : properties.members()) {
        const std::string name = prefix + std::string(field.name);
        if (const auto inner = field.value.find("properties")) {
            read_properties(*inner, name + ".", fields);
            continue;
        }
        const std::string type = json_text_or_empty(field.value, "type");
        const bool is_word =
            type == "string" && json_text_or_empty(field.value, "index") == "not_analyzed";
        add_field(fields, name, is_word ? FieldUse::word : use_of(type));
        if (const auto parts = field.value.find("fields")) {
            read_properties(*parts, name + ".", fields);
        }
    }
}

/// {index: {"mappings": {"properties"}}}, before 7 with a type between.
void read_mappings(JsonView root, Fields& fields) {
    for (const JsonMember& index : root.members()) {
        const JsonView mappings = index.value.at("mappings");
        if (const auto properties = mappings.find("properties")) {
            read_properties(*properties, "", fields);
            continue;
        }
        for (const JsonMember& type : mappings.members()) {
            if (const auto properties = type.value.find("properties")) {
                read_properties(*properties, "", fields);
            }
        }
    }
}

void read_json_fields(const BundleFile& file, Fields& fields) {
    // Caught because it is a file of the command line, and nothing was started yet.
    try {
        const JsonDocument document = JsonDocument::parse(
            file.text, file.name, "name a file with the answer of GET /INDEX/_field_caps?fields=*");
        const auto list = document.root().find("fields");
        list ? read_caps(*list, fields) : read_mappings(document.root(), fields);
    } catch (const JsonError& error) {
        throw UsageError(error.what());
    }
}

void read_lines(const BundleFile& file, Fields& fields) {
    constexpr std::string_view blanks = " \t\r";
    std::size_t number = 0;
    const std::string_view text = file.text;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        ++number;
        line = line.substr(0, line.find('#'));
        const std::size_t begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos) {
            continue;
        }
        line = line.substr(begin, line.find_last_not_of(blanks) + 1 - begin);
        const std::size_t gap = line.find_first_of(blanks);
        const std::string_view type =
            gap == std::string_view::npos ? "" : line.substr(line.find_first_not_of(blanks, gap));
        if (type.empty() || type.find_first_of(blanks) != std::string_view::npos) {
            throw UsageError(
                fmt::format("{}:{}: is no field: write a name and a type, such as 'status keyword'",
                            file.name,
                            number));
        }
        add_field(fields, line.substr(0, gap), use_of(type));
    }
}

}  // namespace

std::vector<TemplateField> read_template_fields(const BundleFile& file) {
    Fields fields;
    const std::size_t first = file.text.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && file.text[first] == '{') {
        read_json_fields(file, fields);
    } else {
        read_lines(file, fields);
    }
    std::vector<TemplateField> list;
    for (const auto& [name, use] : fields) {
        list.push_back({.name = name, .use = use});
    }
    return list;
}

}  // namespace caretaker
