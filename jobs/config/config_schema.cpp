// SPDX-License-Identifier: Apache-2.0
#include "jobs/config/config_schema.hpp"

#include "common/config/key_table.hpp"
#include "common/config/setting_value.hpp"
#include "common/output/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace caretaker {

namespace {

constexpr std::string_view duration_pattern =
    "^(?=.)([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";
constexpr std::string_view size_pattern = "^[0-9]+(B|[kKMGTP]B|[KMGTP]iB)$";
constexpr std::string_view target_pattern = "^(?!all$)[A-Za-z0-9_-]{1,64}$";

class SchemaWriter {
 public:
    std::string write() {
        json_.begin_object();
        json_.member("$schema", "https://json-schema.org/draft/2020-12/schema");
        json_.member("title", "caretaker.yml");
        write_section_members("");
        json_.end_object();
        json_.end_line();
        return std::string(json_.text());
    }

 private:
    void write_section_members(const std::string& section) {
        const auto names = section_names(section);
        const bool named = names.size() == 1 && names.front() == "*";
        const bool takes_list = named && section != "targets";
        json_.key("type");  // a section without a value is an empty one
        json_.begin_array();
        json_.value("object");
        json_.value("null");
        if (takes_list) {
            json_.value("array");
        }
        json_.end_array();
        if (named) {
            json_.key("propertyNames");
            write_pattern(target_pattern);
            json_.key("additionalProperties");
            write_section(section + ".*");
            if (takes_list) {
                write_items(section + ".*");
            }
            return;
        }
        write_properties(section, false);
    }

    /// The same sections in a list, each with its name inside.
    void write_items(const std::string& section) {
        json_.key("items");
        json_.begin_object();
        json_.member("type", "object");
        json_.key("required");
        json_.begin_array();
        json_.value("name");
        json_.end_array();
        write_properties(section, true);
        json_.end_object();
    }

    void write_properties(const std::string& section, bool with_name) {
        json_.member("additionalProperties", false);
        json_.key("properties");
        json_.begin_object();
        if (with_name) {
            json_.key("name");
            write_pattern(target_pattern);
        }
        for (const std::string_view name : section_names(section)) {
            json_.key(name);
            const std::string path =
                section.empty() ? std::string(name) : fmt::format("{}.{}", section, name);
            if (const KeySpec* spec = find_key(path)) {
                write_key(*spec);
            } else {
                write_section(path);
            }
        }
        json_.end_object();
    }

    void write_section(const std::string& path) {
        json_.begin_object();
        write_section_members(path);
        json_.end_object();
    }

    void write_pattern(std::string_view pattern) {
        json_.begin_object();
        json_.member("pattern", pattern);
        json_.end_object();
    }

    void write_key(const KeySpec& spec) {
        json_.begin_object();
        json_.member("description", spec.help);
        switch (spec.type) {
            case ValueType::text:
                json_.member("type", "string");
                break;
            case ValueType::text_list:
                json_.member("type", "array");
                json_.key("items");
                json_.begin_object();
                json_.member("type", "string");
                json_.end_object();
                break;
            case ValueType::text_map:
                write_map(spec);
                break;
            case ValueType::integer:
                json_.member("type", "integer");
                json_.member("minimum", spec.min);
                json_.member("maximum", spec.max);
                break;
            case ValueType::boolean:
                json_.member("type", "boolean");
                break;
            case ValueType::duration:
            case ValueType::size:
                json_.member("type", "string");
                json_.member("pattern",
                             spec.type == ValueType::size ? size_pattern : duration_pattern);
                break;
            case ValueType::choice:
                write_choices(spec);
        }
        write_default(spec);
        json_.end_object();
    }

    void write_map(const KeySpec& spec) {
        json_.member("type", "object");
        json_.key("additionalProperties");
        json_.begin_object();
        if (spec.element == ValueType::duration) {
            json_.member("type", "string");
            json_.member("pattern", duration_pattern);
            json_.end_object();
            return;
        }
        json_.key("type");
        json_.begin_array();
        for (const char* type : {"string", "number", "boolean"}) {
            json_.value(type);
        }
        json_.end_array();
        json_.end_object();
    }

    void write_choices(const KeySpec& spec) {
        json_.key("enum");
        json_.begin_array();
        for (std::string_view rest = spec.choices; !rest.empty();) {
            const std::size_t bar = std::min(rest.find('|'), rest.size());
            json_.value(rest.substr(0, bar));
            rest.remove_prefix(std::min(bar + 1, rest.size()));
        }
        json_.end_array();
    }

    /// As the file would hold it: numbers and booleans as such, lists of text, all else as text.
    void write_default(const KeySpec& spec) {
        if (spec.fallback.empty()) {
            return;
        }
        const auto parsed = parse_setting_value(spec, spec.fallback);
        json_.key("default");
        if (const auto* flag = std::get_if<bool>(&*parsed.value)) {
            json_.value(*flag);
        } else if (spec.type == ValueType::integer) {
            json_.value(std::get<std::int64_t>(*parsed.value));
        } else if (const auto* texts = std::get_if<std::vector<std::string>>(&*parsed.value)) {
            json_.begin_array();
            for (const std::string& text : *texts) {
                json_.value(text);
            }
            json_.end_array();
        } else {
            json_.value(spec.fallback);
        }
    }

    JsonWriter json_{};
};

}  // namespace

std::string format_config_schema() {
    return SchemaWriter().write();
}

}  // namespace caretaker
