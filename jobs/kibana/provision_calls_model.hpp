// SPDX-License-Identifier: Apache-2.0
// Bodies of calls to Kibana and OpenSearch Dashboards. No IO.
#pragma once

#include "jobs/kibana/provision_keeper.hpp"

#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// [{"type", "id"}, …]: which objects are asked for.
std::string format_objects_asked(std::span<const BundleObject* const> objects);

/// {"attributes", "references"} of one object.
std::string format_object_body(const BundleObject& object);

/// A line for each object.
std::string format_import_lines(std::span<const BundleObject* const> objects);

struct FormFile {
    std::string content_type{};
    std::string body{};
};

/// A multipart body with the lines as its one file.
FormFile format_form_file(std::string_view lines);

/// Whether the call for index patterns (`member` "index_pattern" or "data_view") can hold all that
/// the object says; others go by an import.
bool fits_pattern_call(const BundleObject& object);

/// {"override", "<member>": {…}}.
std::string format_pattern_call(const BundleObject& object, std::string_view member, bool replaces);

}  // namespace caretaker
