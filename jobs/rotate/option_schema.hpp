// SPDX-License-Identifier: Apache-2.0
// The options of actions and filters: what each takes, and a value checked against it.
#pragma once

#include "jobs/rotate/checked_options.hpp"
#include "jobs/rotate/curator_value.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

enum class OptionType {
    flag,
    integer,
    real,
    text,
    choice,
    texts,         // a text or a list of texts
    text_or_null,  // null is a value of its own
    integer_or_text,
    map,
    any,
};

struct OptionSpec {
    std::string_view name{};
    OptionType type = OptionType::text;
    std::string_view fallback{};  // as it would be written; empty: none
    bool required = false;
    double min = std::numeric_limits<double>::lowest();
    double max = std::numeric_limits<double>::max();
    std::string_view choices{};  // "require|include|exclude"
};

/// Collects what is wrong with a file.
class OptionChecker {
 public:
    OptionChecker(std::string_view file, std::vector<ConfigProblem>& problems)
        : file_(file), problems_(problems) {}

    /// Checks `map` (null stands for an empty one) against `specs`; `owner` is for messages:
    /// "the filter age". Keys in `ignored` are left alone. Null values, and the text None, count as
    /// not given.
    CheckedOptions check(const CuratorValue* map,
                         std::span<const OptionSpec> specs,
                         std::span<const std::string_view> ignored,
                         const std::string& owner,
                         TextPosition at);

    void complain(TextPosition at, std::string message);

 private:
    std::optional<CuratorValue> convert(const OptionSpec& spec, const CuratorValue& value);
    void complain_type(const OptionSpec& spec, const CuratorValue& value);

    std::string_view file_;
    std::vector<ConfigProblem>& problems_;
};

}  // namespace caretaker
