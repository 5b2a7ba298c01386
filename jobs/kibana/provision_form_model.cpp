// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_form_model.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

bool holds_json(std::string_view name) {
    constexpr std::array<std::string_view, 6> names{
        "panelsJSON",
        "optionsJSON",
        "visState",
        "uiStateJSON",
        "searchSourceJSON",
        "dashboard",  // the last one of Kibana 3
    };
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_filled_by_kibana(std::string_view name) {
    return name == "fields" || name == "version";
}

/// Kibana writes such into index patterns that were made without.
bool says_nothing(const JsonView& value) {
    if (value.is_text()) {
        return value.text().empty() || value.text() == "{}" || value.text() == "[]";
    }
    return value.is_null() || (value.is_flag() && !value.flag());
}

std::optional<JsonDocument> read_inner(std::string_view text) {
    try {
        return JsonDocument::parse(text, "saved object");
    } catch (const JsonError&) {
        return std::nullopt;  // people may store what they like; it is compared as it is
    }
}

/// `inside_text`: JSON in a text of JSON in a text is not looked for, which bounds the stack.
void write_normal(JsonWriter& writer, const JsonView& value, bool inside_text);

void write_text(JsonWriter& writer, const JsonView& value, std::string_view name, bool inside) {
    if (!inside && holds_json(name)) {
        if (const std::optional<JsonDocument> inner = read_inner(value.text())) {
            write_normal(writer, inner->root(), true);
            return;
        }
    }
    writer.value(value.text());
}

void write_members(JsonWriter& writer, std::vector<JsonMember> members, bool inside_text) {
    std::stable_sort(members.begin(), members.end(), [](const JsonMember& a, const JsonMember& b) {
        return a.name < b.name;
    });
    writer.begin_object();
    for (const JsonMember& member : members) {
        writer.key(member.name);
        if (member.value.is_text()) {
            write_text(writer, member.value, member.name, inside_text);
        } else {
            write_normal(writer, member.value, inside_text);
        }
    }
    writer.end_object();
}

void write_normal(JsonWriter& writer, const JsonView& value, bool inside_text) {
    if (value.is_object()) {
        write_members(writer, value.members(), inside_text);
    } else if (value.is_array()) {
        writer.begin_array();
        for (const JsonView& element : value.elements()) {
            write_normal(writer, element, inside_text);
        }
        writer.end_array();
    } else if (value.is_text()) {
        writer.value(value.text());
    } else if (value.is_number()) {
        writer.value(value.number());
    } else if (value.is_flag()) {
        writer.value(value.flag());
    } else {
        writer.null();
    }
}

}  // namespace

std::string normal_attributes(const JsonView& attributes) {
    std::vector<JsonMember> members = attributes.members();
    std::erase_if(members, [](const JsonMember& m) { return is_filled_by_kibana(m.name); });
    JsonWriter writer;
    write_members(writer, std::move(members), false);
    return std::string(writer.text());
}

std::string normal_object(std::string_view type,
                          const JsonView& attributes,
                          const std::optional<JsonView>& references) {
    std::vector<JsonMember> members = attributes.members();
    std::erase_if(members, [&](const JsonMember& member) {
        return is_filled_by_kibana(member.name) ||
               (type == "index-pattern" && says_nothing(member.value));
    });
    JsonWriter writer;
    writer.begin_object();
    writer.key("attributes");
    write_members(writer, std::move(members), false);
    writer.key("references");
    writer.begin_array();
    std::vector<JsonView> sorted = references ? references->elements() : std::vector<JsonView>{};
    std::ranges::stable_sort(
        sorted, {}, [](const JsonView& one) { return json_text_or_empty(one, "name"); });
    for (const JsonView& reference : sorted) {
        write_normal(writer, reference, true);
    }
    writer.end_array();
    writer.end_object();
    return std::string(writer.text());
}

}  // namespace caretaker
