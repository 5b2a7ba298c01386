// SPDX-License-Identifier: Apache-2.0
// A YAML document as a tree that knows where each value stands. JSON, a subset of YAML, reads the
// same.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Where something stands in a text, both from 1; 0: nowhere in particular.
struct TextPosition {
    int line = 0;
    int column = 0;  // in characters

    friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

enum class YamlKind { null, scalar, list, map };

struct YamlNode {
    YamlKind kind = YamlKind::null;
    TextPosition at{};
    std::string text{};   // of a scalar
    bool plain = false;   // a scalar without quotes: it may be a number or a boolean
    bool tagged = false;  // has an explicit tag such as !!str
    /// Indices of nodes: the elements of a list; of a map, keys and values in turn. An alias is the
    /// node of its anchor, so that one node may be the child of several; a node is never below
    /// itself.
    std::vector<std::size_t> children{};
};

struct YamlError {
    TextPosition at{};
    std::string message{};
};

struct YamlDocument {
    std::vector<YamlNode> nodes{};      // an index is a node's name
    std::optional<std::size_t> root{};  // none in an empty text
    std::optional<YamlError> error{};   // then there is no root
};

/// Parses a text of one document. Errors: no YAML, more than one document, an alias inside its own
/// anchor, more than 64 levels, 1 MiB or 100 000 values.
YamlDocument parse_yaml(std::string_view text);

}  // namespace caretaker
