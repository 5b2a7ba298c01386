// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/curator_value.hpp"

#include "jobs/rotate/yaml11_scalar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t most_values = 100'000;
constexpr std::size_t most_levels = 64;

class Reader {
 public:
    Reader(const YamlDocument& document, std::string_view file, const VariableLookup& variables)
        : document_(document), file_(file), variables_(variables) {}

    CuratorDocument read() {
        if (document_.error) {
            complain(document_.error->at, document_.error->message);
        } else {
            result_.root = document_.root ? read(*document_.root) : CuratorValue{};
        }
        return std::move(result_);
    }

 private:
    void complain(TextPosition at, std::string message) {
        result_.problems.push_back({.file = std::string(file_),
                                    .line = at.line,
                                    .column = at.column,
                                    .message = std::move(message)});
    }

    /// Whether one more value may be made; complains once when not.
    bool has_room(TextPosition at) {
        if (++values_ == most_values) {
            complain(at, fmt::format("aliases unfold into more than {} values", most_values));
        }
        return values_ < most_values;
    }

    /// The parser counts levels as they are written; an alias adds those of its anchor, and anchors
    /// within keys, which are not read, could make a chain as long as the file.
    bool is_too_deep(TextPosition at) {
        if (level_ < most_levels) {
            return false;
        }
        if (!was_too_deep_) {
            complain(at, fmt::format("aliases unfold into more than {} levels", most_levels));
        }
        was_too_deep_ = true;
        return true;
    }

    CuratorValue read(std::size_t index) {
        const YamlNode& node = document_.nodes[index];
        if (!has_room(node.at) || is_too_deep(node.at)) {
            return {.at = node.at};
        }
        if (node.tagged) {
            complain(node.at, "tags such as !!str are not taken; write the plain value");
        }
        ++level_;
        CuratorValue value = read_node(node);
        --level_;
        return value;
    }

    CuratorValue read_node(const YamlNode& node) {
        switch (node.kind) {
            case YamlKind::null:
                break;
            case YamlKind::scalar:
                return read_scalar(node);
            case YamlKind::list: {
                CuratorValue list{.type = CuratorType::list, .at = node.at};
                for (const std::size_t child : node.children) {
                    list.children.push_back(read(child));
                }
                return list;
            }
            case YamlKind::map:
                return read_map(node);
        }
        return {.at = node.at};
    }

    CuratorValue read_scalar(const YamlNode& node) const {
        CuratorValue value{.type = CuratorType::text, .at = node.at, .text = node.text};
        if (!node.plain) {
            return value;
        }
        if (const auto name = variable_in(node.text)) {
            if (auto replaced = replace(*name)) {
                value.text = std::move(*replaced);
                return value;
            }
            return {.at = node.at};
        }
        const Yaml11Scalar scalar = resolve_yaml11(node.text);
        value.flag = scalar.flag;
        value.integer = scalar.integer;
        value.real = scalar.real;
        switch (scalar.type) {
            case Yaml11Type::text:
                break;
            case Yaml11Type::boolean:
                value.type = CuratorType::boolean;
                break;
            case Yaml11Type::integer:
                value.type = CuratorType::integer;
                break;
            case Yaml11Type::real:
                value.type = CuratorType::real;
                break;
            case Yaml11Type::date:
                value.type = CuratorType::date;
                break;
        }
        return value;
    }

    /// "NAME:default" of "${NAME:default}".
    static std::optional<std::string_view> variable_in(std::string_view text) {
        if (!text.starts_with("${") || text.find('}') != text.size() - 1) {
            return std::nullopt;
        }
        return text.substr(2, text.size() - 3);
    }

    [[nodiscard]] std::optional<std::string> replace(std::string_view name) const {
        const std::size_t colon = name.find(':');
        if (auto found = variables_(name.substr(0, colon))) {
            return found;
        }
        return colon == std::string_view::npos ? std::nullopt
                                               : std::optional<std::string>(name.substr(colon + 1));
    }

    CuratorValue read_map(const YamlNode& node) {
        CuratorValue map{.type = CuratorType::map, .at = node.at};
        std::vector<CuratorValue> merged;
        std::map<std::string, int> lines;  // where each key stands
        for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
            const YamlNode& key_node = document_.nodes[node.children[i]];
            if (key_node.kind == YamlKind::scalar && key_node.plain && key_node.text == "<<") {
                take_merged(read(node.children[i + 1]), merged);
                continue;
            }
            const auto key = read_key(key_node);
            CuratorValue value = read(node.children[i + 1]);
            if (!key) {
                continue;
            }
            const auto [place, is_new] = lines.emplace(key->text, key->at.line);
            if (!is_new) {
                complain(key->at,
                         fmt::format("the key '{}' stands twice, first in line {}; the other one "
                                     "would be lost",
                                     key->text,
                                     place->second));
                continue;
            }
            map.keys.push_back(*key);
            map.children.push_back(std::move(value));
        }
        for (CuratorValue& other : merged) {
            for (std::size_t i = 0; i < other.keys.size(); ++i) {
                if (lines.emplace(other.keys[i].text, 0).second) {
                    map.keys.push_back(other.keys[i]);
                    map.children.push_back(std::move(other.children[i]));
                }
            }
        }
        return map;
    }

    std::optional<CuratorKey> read_key(const YamlNode& node) {
        if (node.kind != YamlKind::scalar || node.tagged) {
            complain(node.at, "a key must be a plain word, a text or a number");
            return std::nullopt;
        }
        const CuratorValue value = read_scalar(node);
        if (value.type == CuratorType::null) {
            complain(node.at,
                     fmt::format("the key {} names a variable that is not set", node.text));
            return std::nullopt;
        }
        CuratorKey key{.text = value.text, .at = node.at};
        if (value.type == CuratorType::integer) {
            key.integer = value.integer;
        }
        return key;
    }

    void take_merged(CuratorValue value, std::vector<CuratorValue>& merged) {
        if (value.type == CuratorType::map) {
            merged.push_back(std::move(value));
            return;
        }
        const bool is_list_of_maps =
            value.type == CuratorType::list &&
            std::ranges::all_of(value.children, [](const CuratorValue& child) {
                return child.type == CuratorType::map;
            });
        if (!is_list_of_maps) {
            complain(value.at, "the merge key << takes a map, or a list of maps");
            return;
        }
        for (CuratorValue& child : value.children) {
            merged.push_back(std::move(child));
        }
    }

    const YamlDocument& document_;
    std::string_view file_;
    const VariableLookup& variables_;
    CuratorDocument result_{};
    std::size_t values_ = 0;
    std::size_t level_ = 0;
    bool was_too_deep_ = false;
};

}  // namespace

std::string_view describe_type(CuratorType type) {
    switch (type) {
        case CuratorType::null:
            return "nothing";
        case CuratorType::boolean:
            return "true or false";
        case CuratorType::integer:
        case CuratorType::real:
            return "a number";
        case CuratorType::text:
            return "a text";
        case CuratorType::date:
            return "a date";
        case CuratorType::list:
            return "a list";
        case CuratorType::map:
            break;
    }
    return "a map";
}

const CuratorValue* CuratorValue::find(std::string_view key) const {
    const auto found = std::ranges::find(keys, key, &CuratorKey::text);
    return found == keys.end() ? nullptr
                               : &children[static_cast<std::size_t>(found - keys.begin())];
}

CuratorDocument read_curator_yaml(std::string_view text,
                                  std::string_view file,
                                  const VariableLookup& variables) {
    const YamlDocument document = parse_yaml(text);
    return Reader(document, file, variables).read();
}

}  // namespace caretaker
