// SPDX-License-Identifier: Apache-2.0
// A saved object's attributes in one form, whoever wrote them. No IO.
#pragma once

#include "common/json/json_view.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// Equal attributes are equal texts: members by name, the fields in which Kibana keeps JSON as text
/// (panelsJSON, visState, …) read as JSON, numbers as doubles. `fields` and `version` are left out,
/// as Kibana fills them in by itself. A text field that holds no JSON stays a text. Throws
/// JsonError "json_shape" unless `attributes` is an object.
std::string normal_attributes(const JsonView& attributes);

/// The same of an object with what it refers to, in the order of the names; an index pattern
/// without the members that say nothing ("{}", "[]"), which Kibana adds. Throws JsonError
/// "json_shape".
std::string normal_object(std::string_view type,
                          const JsonView& attributes,
                          const std::optional<JsonView>& references);

}  // namespace caretaker
