// SPDX-License-Identifier: Apache-2.0
#include "common/config/yaml_file.hpp"

#include "common/config/setting_value.hpp"
#include "common/config/target_name.hpp"
#include "common/config/yaml_scalar.hpp"
#include "common/config/yaml_tree.hpp"
#include "common/text/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

/// Enough to mend a file by; a hostile one must not fill the terminal.
constexpr std::size_t most_problems = 100;

/// Aliases can make a small file stand for a huge one.
constexpr std::size_t most_values = 100'000;

constexpr std::string_view targets = "targets";

std::string join_path(std::string_view section, std::string_view name) {
    return section.empty() ? std::string(name) : fmt::format("{}.{}", section, name);
}

std::string_view words_for(YamlKind kind) {
    switch (kind) {
        case YamlKind::null:
            return "nothing";
        case YamlKind::scalar:
            return "a single value";
        case YamlKind::list:
            return "a list";
        case YamlKind::map:
            break;
    }
    return "a section";
}

class FileReader {
 public:
    FileReader(const YamlDocument& document,
               std::string_view file,
               std::span<const ValueRule> rules)
        : document_(document), file_(file), rules_(rules) {}

    ParsedSettings read() {
        if (document_.error) {
            add_problem(document_.error->at, "", document_.error->message);
        } else if (document_.root) {
            const YamlNode& root = node(*document_.root);
            if (root.kind != YamlKind::null) {
                read_section(root, "");
            }
        }
        return std::move(result_);
    }

 private:
    [[nodiscard]] const YamlNode& node(std::size_t index) const { return document_.nodes[index]; }

    /// `about` as in ConfigProblem.
    void add_problem(TextPosition at,
                     std::string about,
                     std::string message,
                     bool is_stray = false) {
        if (result_.problems.size() < most_problems) {
            result_.problems.push_back({.file = std::string(file_),
                                        .line = at.line,
                                        .column = at.column,
                                        .message = std::move(message),
                                        .about = std::move(about),
                                        .stray = is_stray});
        } else if (result_.problems.size() == most_problems) {
            result_.problems.push_back(
                {.file = std::string(file_), .message = "and more; these come first"});
        }
    }

    /// Counts one more value looked at; false, with a problem once, when there are too many.
    bool spend(TextPosition at) {
        if (++values_ == most_values) {
            add_problem(
                at, "", fmt::format("more than {} values, aliases counted each time", most_values));
        }
        return values_ < most_values;
    }

    /// False, with a problem, when `value` is of another kind or has a tag.
    bool expect(YamlKind kind, const YamlNode& value, std::string_view path) {
        if (value.tagged) {
            add_problem(value.at,
                        std::string(path),
                        fmt::format("'{}': tags such as !!str have no meaning here", path));
            return false;
        }
        if (value.kind == kind) {
            return true;
        }
        const std::string what = path.empty() ? "the file" : fmt::format("'{}'", path);
        add_problem(
            value.at,
            std::string(path),
            fmt::format("{} must be {}, not {}", what, words_for(kind), words_for(value.kind)));
        return false;
    }

    /// The text of a key; a problem, and nothing, where it is no plain word or not the first of its
    /// name.
    std::optional<std::string> read_name(const YamlNode& key,
                                         std::string_view section,
                                         std::map<std::string, TextPosition>& seen) {
        if (key.kind != YamlKind::scalar || key.tagged) {
            add_problem(key.at, std::string(section), "a key must be a word");
            return std::nullopt;
        }
        const auto [first, is_new] = seen.emplace(key.text, key.at);
        if (!is_new) {
            const std::string path = join_path(section, key.text);
            add_problem(
                key.at,
                path,
                fmt::format("'{}' appears twice; first in line {}", path, first->second.line));
            return std::nullopt;
        }
        return key.text;
    }

    /// `own_name` is a key of the section that the caller has read.
    void read_section(const YamlNode& section,
                      const std::string& path,
                      std::string_view own_name = {}) {
        const auto known = section_names(path);
        if (section.kind == YamlKind::list && takes_list(path)) {
            read_named_list(section, path);
            return;
        }
        if (!expect(YamlKind::map, section, path)) {
            return;
        }
        std::map<std::string, TextPosition> seen;
        for (std::size_t i = 0; i + 1 < section.children.size(); i += 2) {
            const YamlNode& key = node(section.children[i]);
            const YamlNode& value = node(section.children[i + 1]);
            if (!spend(key.at)) {
                return;
            }
            const auto name = read_name(key, path, seen);
            if (name && (own_name.empty() || *name != own_name)) {
                read_entry(key, *name, value, path, known);
            }
        }
    }

    void read_entry(const YamlNode& key,
                    const std::string& name,
                    const YamlNode& value,
                    const std::string& section,
                    const std::vector<std::string_view>& known) {
        const std::string path = join_path(section, name);
        if (known.size() == 1 && known.front() == "*") {
            read_named(key, name, value, section, path);
        } else if (std::ranges::find(known, name) == known.end()) {
            add_unknown_key(key.at, name, section, known);
        } else if (const KeySpec* spec = find_key(path)) {
            read_value(key, value, *spec, path);
        } else if (value.kind != YamlKind::null) {
            read_section(value, path);
        }
    }

    /// Whether the sections below may stand in a list too, each with its name inside.
    static bool takes_list(const std::string& path) {
        const auto known = section_names(path);
        return path != targets && known.size() == 1 && known.front() == "*";
    }

    /// `- {name: app-logs, roots: [...]}`
    void read_named_list(const YamlNode& list, const std::string& path) {
        constexpr std::string_view name_key = "name";
        std::map<std::string, TextPosition> seen;
        for (std::size_t i = 0; i < list.children.size(); ++i) {
            const YamlNode& element = node(list.children[i]);
            if (!spend(element.at)) {
                return;
            }
            if (!expect(YamlKind::map, element, fmt::format("{}[{}]", path, i))) {
                continue;
            }
            const YamlNode* name = find_value(element, name_key);
            if (name == nullptr || name->kind != YamlKind::scalar) {
                add_problem(element.at,
                            path,
                            fmt::format("an element of '{}' has no name; add 'name: …'", path));
                continue;
            }
            if (!check_name(*name, name->text, path)) {
                continue;
            }
            if (const auto own = read_name(*name, path, seen)) {
                read_named_section(*name, element, path, join_path(path, *own), name_key);
            }
        }
    }

    [[nodiscard]] const YamlNode* find_value(const YamlNode& map, std::string_view name) const {
        for (std::size_t i = 0; i + 1 < map.children.size(); i += 2) {
            const YamlNode& key = node(map.children[i]);
            if (key.kind == YamlKind::scalar && key.text == name) {
                return &node(map.children[i + 1]);
            }
        }
        return nullptr;
    }

    /// False, with a problem, for what cannot name a section of that kind.
    bool check_name(const YamlNode& at, const std::string& name, const std::string& section) {
        if (is_target_name(name)) {
            return true;
        }
        add_problem(at.at,
                    join_path(section, name),
                    section == targets
                        ? fmt::format("'{}' cannot name a target: {}", name, target_name_rule)
                        : fmt::format("'{}' cannot stand in '{}': a name is 1 to 64 letters, "
                                      "digits, '-' and '_', and not 'all'",
                                      name,
                                      section));
        return false;
    }

    void read_named(const YamlNode& key,
                    const std::string& name,
                    const YamlNode& value,
                    const std::string& section,
                    const std::string& path) {
        if (check_name(key, name, section)) {
            read_named_section(key, value, section, path);
        }
    }

    void read_named_section(const YamlNode& key,
                            const YamlNode& value,
                            const std::string& section,
                            const std::string& path,
                            std::string_view own_name = {}) {
        const auto settings_before = result_.settings.size();
        const auto problems_before = result_.problems.size();
        if (value.kind != YamlKind::null) {
            read_section(value, path, own_name);
        }
        if (settings_before == result_.settings.size() &&
            problems_before == result_.problems.size()) {
            add_problem(key.at,
                        path,
                        fmt::format("'{}' sets nothing; add {} or leave it out",
                                    path,
                                    section == targets ? "a service" : "its keys"));
        }
    }

    void add_unknown_key(TextPosition at,
                         const std::string& name,
                         const std::string& section,
                         const std::vector<std::string_view>& known) {
        const std::string path = join_path(section, name);
        if (name == "<<") {
            add_problem(at, section, "merge keys (<<) have no meaning here; repeat the alias");
        } else if (name.find('.') != std::string::npos && find_key(path) != nullptr) {
            add_problem(at,
                        path,
                        fmt::format("unknown key '{}'; write its parts as nested sections", path));
        } else if (const auto nearest = nearest_name(name, known)) {
            const std::string meant = join_path(section, *nearest);
            add_problem(
                at, meant, fmt::format("unknown key '{}'; did you mean '{}'?", path, meant));
        } else {
            add_problem(
                at,
                path,
                fmt::format("unknown key '{}'; known here: {}", path, fmt::join(known, ", ")),
                true);
        }
    }

    void read_value(const YamlNode& key,
                    const YamlNode& value,
                    const KeySpec& spec,
                    const std::string& path) {
        if (value.kind == YamlKind::null) {
            add_problem(
                key.at, path, fmt::format("'{}' has no value; give it one or leave it out", path));
            return;
        }
        std::optional<SettingValue> parsed;
        switch (spec.type) {
            case ValueType::text_list:
                parsed = read_list(value, spec, path);
                break;
            case ValueType::text_map:
                parsed = read_map(value, spec, path);
                break;
            default:
                parsed = read_scalar(value, spec, path);
        }
        if (parsed) {
            const std::string origin = fmt::format("{}:{}:{}", file_, key.at.line, key.at.column);
            for (ElementProblem& problem : find_element_problems(rules_, spec, *parsed)) {
                add_doubt(value, path, origin, std::move(problem));
            }
            result_.settings.push_back({&spec, path, std::move(*parsed), origin});
        }
    }

    void add_doubt(const YamlNode& value,
                   const std::string& path,
                   const std::string& origin,
                   ElementProblem problem) {
        if (result_.doubtful.size() >= most_problems) {
            return;
        }
        std::string name = path;
        TextPosition at = value.at;
        if (value.kind == YamlKind::list) {
            name = fmt::format("{}[{}]", path, problem.index);
            at = node(value.children[problem.index]).at;
        } else if (value.kind == YamlKind::map) {  // keys and values in turn
            name = join_path(path, node(value.children[2 * problem.index]).text);
            at = node(value.children[2 * problem.index + 1]).at;
        }
        result_.doubtful.push_back(
            {.path = path,
             .origin = origin,
             .problem = {.file = std::string(file_),
                         .line = at.line,
                         .column = at.column,
                         .message = fmt::format("'{}': {}", name, problem.message),
                         .about = path}});
    }

    std::optional<SettingValue> accept(SettingValueResult result,
                                       const YamlNode& value,
                                       std::string_view path) {
        if (!result.value) {
            add_problem(value.at, std::string(path), fmt::format("'{}': {}", path, result.error));
        }
        return std::move(result.value);
    }

    std::optional<SettingValue> read_scalar(const YamlNode& value,
                                            const KeySpec& spec,
                                            const std::string& path) {
        if (!expect(YamlKind::scalar, value, path)) {
            return std::nullopt;
        }
        if (spec.type == ValueType::integer || spec.type == ValueType::boolean) {
            if (!value.plain) {
                add_problem(value.at,
                            path,
                            fmt::format("'{}' must be of type {}; take the quotes away",
                                        path,
                                        to_string(spec.type)));
                return std::nullopt;
            }
        } else if (!is_text(value, spec, path)) {
            return std::nullopt;
        }
        return accept(parse_setting_value(spec, value.text), value, path);
    }

    /// False, with a problem, for plain numbers and booleans.
    bool is_text(const YamlNode& value, const KeySpec& spec, std::string_view path) {
        const PlainType type = value.plain ? plain_type(value.text) : PlainType::text;
        if (type == PlainType::text) {
            return true;
        }
        if (spec.type == ValueType::duration || spec.type == ValueType::size) {
            const std::string_view unit = spec.type == ValueType::duration ? "s" : "MiB";
            add_problem(value.at,
                        std::string(path),
                        fmt::format("'{}': {} lacks its unit; write it like {}{}",
                                    path,
                                    value.text,
                                    type == PlainType::number ? value.text : "10",
                                    unit));
            return false;
        }
        add_problem(value.at,
                    std::string(path),
                    fmt::format("'{}' must be text, and {} is a {}; put it in quotes",
                                path,
                                spec.secret ? "its value" : value.text,
                                type == PlainType::number ? "number" : "boolean"));
        return false;
    }

    std::optional<SettingValue> read_list(const YamlNode& value,
                                          const KeySpec& spec,
                                          const std::string& path) {
        if (!expect(YamlKind::list, value, path)) {
            return std::nullopt;
        }
        std::vector<std::string> texts;
        bool right = true;
        for (const std::size_t index : value.children) {
            const YamlNode& element = node(index);
            if (!spend(element.at)) {
                return std::nullopt;
            }
            const std::string name = fmt::format("{}[{}]", path, texts.size());
            right = expect(YamlKind::scalar, element, name) && is_text(element, spec, name) &&
                    accept(parse_setting_element(spec, element.text), element, name) && right;
            texts.push_back(element.text);
        }
        return right ? std::optional<SettingValue>(std::move(texts)) : std::nullopt;
    }

    std::optional<SettingValue> read_map(const YamlNode& value,
                                         const KeySpec& spec,
                                         const std::string& path) {
        if (!expect(YamlKind::map, value, path)) {
            return std::nullopt;
        }
        TextMap map;
        std::map<std::string, TextPosition> seen;
        bool right = true;
        for (std::size_t i = 0; i + 1 < value.children.size(); i += 2) {
            const YamlNode& element = node(value.children[i + 1]);
            if (!spend(element.at)) {
                return std::nullopt;
            }
            const auto name = read_name(node(value.children[i]), path, seen);
            // Numbers and booleans stand for their text: librdkafka has properties of all types.
            if (!name || !expect(YamlKind::scalar, element, join_path(path, *name)) ||
                !accept(
                    parse_setting_element(spec, element.text), element, join_path(path, *name))) {
                right = false;
                continue;
            }
            map.emplace_back(*name, element.text);
        }
        return right ? std::optional<SettingValue>(std::move(map)) : std::nullopt;
    }

    const YamlDocument& document_;
    std::string_view file_;
    std::span<const ValueRule> rules_;
    std::size_t values_ = 0;
    ParsedSettings result_;
};

}  // namespace

ParsedSettings parse_yaml_settings(std::string_view text,
                                   std::string_view file,
                                   std::span<const ValueRule> rules) {
    const YamlDocument document = parse_yaml(text);
    return FileReader(document, file, rules).read();
}

}  // namespace caretaker
