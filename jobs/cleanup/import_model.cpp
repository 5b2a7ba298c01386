// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/import_model.hpp"

#include "jobs/cleanup/age_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace caretaker {

namespace {

std::string yaml_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) {
            quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
            continue;
        }
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + '"';
}

std::string format_rule(const ImportedRule& rule) {
    std::string out =
        fmt::format("    - name: {}\n      roots: {}\n", rule.name, yaml_list(rule.roots));
    const auto add = [&](std::string_view key, std::string_view value) {
        out += fmt::format("      {}: {}\n", key, value);
    };
    if (!rule.exclude.empty()) {
        add("exclude", yaml_list(rule.exclude));
    }
    if (!rule.types.empty()) {
        add("types", fmt::format("[{}]", fmt::join(rule.types, ", ")));
    }
    add("older_than", rule.older_than);
    if (!rule.age_by.empty()) {
        add("age_by", rule.age_by);
    }
    if (rule.min_depth > 1) {
        add("min_depth", std::to_string(rule.min_depth));
    }
    add("remove_empty_dirs", "true");
    if (!rule.keep_dirs.empty()) {
        add("keep_dirs", yaml_list(rule.keep_dirs));
    }
    return out;
}

}  // namespace

std::string yaml_list(const std::vector<std::string>& texts) {
    std::vector<std::string> quoted;
    std::ranges::transform(texts, std::back_inserter(quoted), yaml_text);
    return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
        line.remove_prefix(1);
    }
    return line;
}

std::string limit_of(std::chrono::milliseconds age) {
    return format_age(std::max(age, std::chrono::milliseconds(1)));
}

std::string format_imported_rules(const ImportedRules& imported, std::string_view origin) {
    std::string out = fmt::format("# From {}\n", origin);
    if (imported.rules.empty() && imported.protect.empty()) {
        out += "# Nothing in it deletes anything by age.\n";
    } else {
        out += "cleanup:\n";
    }
    if (!imported.protect.empty()) {
        out += fmt::format("  protect: {}\n", yaml_list(imported.protect));
    }
    if (!imported.rules.empty()) {
        out += "  files:\n";
        for (const ImportedRule& rule : imported.rules) {
            out += format_rule(rule);
        }
    }
    for (const std::string& remark : imported.remarks) {
        out += fmt::format("# {}\n", remark);
    }
    return out;
}

}  // namespace caretaker
