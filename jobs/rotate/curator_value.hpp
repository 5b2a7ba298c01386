// SPDX-License-Identifier: Apache-2.0
// An action file's or client file's values: YAML 1.1, with environment variables put in.
#pragma once

#include "common/config/config_problem.hpp"
#include "common/config/yaml_tree.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

enum class CuratorType { null, boolean, integer, real, text, date, list, map };

/// "a list", "a number"; for messages.
std::string_view describe_type(CuratorType type);

struct CuratorKey {
    std::string text{};
    std::optional<std::int64_t> integer{};  // of a key such as `1:`
    TextPosition at{};
};

struct CuratorValue {
    CuratorType type = CuratorType::null;
    TextPosition at{};
    std::string text{};  // of a scalar, as it was written
    bool flag = false;
    std::int64_t integer = 0;
    double real = 0;                       // of integers, too
    std::vector<CuratorKey> keys{};        // of a map, one for each of `children`
    std::vector<CuratorValue> children{};  // of a list or a map

    /// The value of a map's key; null when there is none.
    [[nodiscard]] const CuratorValue* find(std::string_view key) const;
};

/// Looks up an environment variable.
using VariableLookup = std::function<std::optional<std::string>(std::string_view)>;

struct CuratorDocument {
    std::optional<CuratorValue> root{};  // of an empty text: null
    std::vector<ConfigProblem> problems{};
};

/// Reads a file in Curator's dialect. A plain scalar that is `${NAME}` or `${NAME:default}` as a
/// whole is replaced, by null where neither variable nor default exists; keys too. Merge keys work.
/// Problems: what parse_yaml() refuses, a key that stands twice, tags, and aliases that unfold into
/// more than 100 000 values or 64 levels.
CuratorDocument read_curator_yaml(std::string_view text,
                                  std::string_view file,
                                  const VariableLookup& variables);

/// The value as JSON, for request bodies.
std::string to_json(const CuratorValue& value);

}  // namespace caretaker
