// SPDX-License-Identifier: Apache-2.0
// A first bundle for a new type of log, made from its fields. No IO.
#pragma once

#include "jobs/kibana/provision_bundle_model.hpp"

#include <string>
#include <vector>

namespace caretaker {

struct LogTypeTemplate {
    std::string name{};     // "ads"
    std::string pattern{};  // "ads-*"
};

enum class FieldUse { time, number, word, text, other };

struct TemplateField {
    std::string name{};
    FieldUse use = FieldUse::other;
};

/// Reads an answer of _field_caps, one of _mapping, or lines of name and type; fields of the search
/// engine itself are left out. In the order of their names. Throws UsageError with file and line.
std::vector<TemplateField> read_template_fields(const BundleFile& file);

/// Index pattern, newest lines, lines over time, the most frequent values of up to three words and
/// the average of a number, and a dashboard of all that; for all versions from 4 on. Throws
/// UsageError where there is no time field.
BundleFiles make_template_bundle(const LogTypeTemplate& type,
                                 const std::vector<TemplateField>& fields);

}  // namespace caretaker
