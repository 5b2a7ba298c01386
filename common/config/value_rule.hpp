// SPDX-License-Identifier: Apache-2.0
// What the values of a key must be beyond their type: addresses, patterns, properties. Pure.
#pragma once

#include "common/config/settings.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Only the layer that reads a key knows its parser, and it stands above this one: it hands its
/// rules down, so that `config check` says of a value what the run that uses it would say.
struct ValueRule {
    std::string key{};  // the row of the key table: "targets.*.kafka.bootstrap_servers"

    /// What is wrong with a text, an element of a list or a value of a map (then `name` is its
    /// name), and what to write instead; empty when nothing is. Never quotes a secret.
    std::function<std::string(std::string_view text, std::string_view name)> problem{};
};

struct ElementProblem {
    std::size_t index = 0;  // in the list or map; 0 for a single text
    std::string message{};

    friend bool operator==(const ElementProblem&, const ElementProblem&) = default;
};

/// What those of `rules` that are about `spec` find in `value`, in the order of its elements.
std::vector<ElementProblem> find_element_problems(std::span<const ValueRule> rules,
                                                  const KeySpec& spec,
                                                  const SettingValue& value);

}  // namespace caretaker
