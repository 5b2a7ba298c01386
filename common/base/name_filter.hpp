// SPDX-License-Identifier: Apache-2.0
// Which names are wanted, by patterns that include and patterns that exclude.
#pragma once

#include "common/text/name_pattern.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Patterns as the caller wrote them, and where.
struct NamePatterns {
    std::string_view origin{};  // a flag or a setting: "--group"
    std::span<const std::string> texts{};
};

/// A name is wanted when some include matches it, or there is no include, and no exclude does.
class NameFilter {
 public:
    /// Throws UsageError for a pattern that is wrong, naming its origin.
    NameFilter(const NamePatterns& includes, const NamePatterns& excludes);

    /// Throws UsageError for a regular expression that takes too many steps on `name`.
    [[nodiscard]] bool wants(std::string_view name) const;

    /// Whether there are includes.
    [[nodiscard]] bool narrows() const { return !includes_.empty(); }

    /// What is included by its own name and not excluded, in byte order, each once.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    /// Whether names() is all that can be wanted.
    [[nodiscard]] bool only_names() const { return only_names_; }

 private:
    std::vector<NamePattern> includes_;
    std::vector<NamePattern> excludes_;
    std::vector<std::string> names_;
    bool only_names_ = false;
};

}  // namespace caretaker
