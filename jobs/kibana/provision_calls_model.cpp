// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_calls_model.hpp"

#include "common/json/json_copy.hpp"
#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/stable_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

void copy_text(JsonWriter& json, std::string_view name, const std::string& text) {
    json.key(name);
    copy_json(JsonDocument::parse(text, "a bundle's object").root(), json);
}

}  // namespace

std::string format_objects_asked(std::span<const BundleObject* const> objects) {
    JsonWriter json;
    json.begin_array();
    for (const BundleObject* object : objects) {
        json.begin_object();
        json.member("type", object->type);
        json.member("id", object->id);
        json.end_object();
    }
    json.end_array();
    return std::string(json.text());
}

std::string format_object_body(const BundleObject& object) {
    JsonWriter json;
    json.begin_object();
    copy_text(json, "attributes", object.attributes);
    if (object.references != "[]") {  // before 6.5 it is not known
        copy_text(json, "references", object.references);
    }
    json.end_object();
    return std::string(json.text());
}

std::string format_import_lines(std::span<const BundleObject* const> objects) {
    std::string lines;
    for (const BundleObject* object : objects) {
        lines += object->line;
        lines += '\n';
    }
    return lines;
}

FormFile format_form_file(std::string_view lines) {
    std::string boundary = "caretaker-" + hex16(stable_hash(lines));
    while (lines.find(boundary) != std::string_view::npos) {
        boundary += 'x';
    }
    return {.content_type = "multipart/form-data; boundary=" + boundary,
            .body = fmt::format(
                "--{0}\r\nContent-Disposition: form-data; name=\"file\"; "
                "filename=\"export.ndjson\"\r\nContent-Type: application/ndjson\r\n\r\n{1}\r\n"
                "--{0}--\r\n",
                boundary,
                lines)};
}

bool fits_pattern_call(const BundleObject& object) {
    constexpr std::array<std::string_view, 3> known{"title", "name", "timeFieldName"};
    if (object.type != "index-pattern") {
        return false;
    }
    const JsonDocument attributes = JsonDocument::parse(object.attributes, object.where);
    return std::ranges::all_of(attributes.root().members(), [&](const JsonMember& member) {
        return member.value.is_text() && std::ranges::find(known, member.name) != known.end();
    });
}

std::string format_pattern_call(const BundleObject& object,
                                std::string_view member,
                                bool replaces) {
    const JsonDocument attributes = JsonDocument::parse(object.attributes, object.where);
    JsonWriter json;
    json.begin_object();
    json.member("override", replaces);
    if (member == "index_pattern") {
        json.member("refresh_fields", true);
    }
    json.key(member);
    json.begin_object();
    json.member("id", object.id);
    for (const JsonMember& attribute : attributes.root().members()) {
        json.member(attribute.name, attribute.value.text());
    }
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

}  // namespace caretaker
