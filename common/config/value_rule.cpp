// SPDX-License-Identifier: Apache-2.0
#include "common/config/value_rule.hpp"

#include <utility>

namespace caretaker {

namespace {

class ElementChecker {
 public:
    explicit ElementChecker(const ValueRule& rule) : rule_(rule) {}

    void operator()(const std::string& text) { check(0, text, {}); }

    void operator()(const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            check(i, texts[i], {});
        }
    }

    void operator()(const TextMap& map) {
        for (std::size_t i = 0; i < map.size(); ++i) {
            check(i, map[i].second, map[i].first);
        }
    }

    // Their range is all that numbers and booleans are checked for, and reading them does that.
    void operator()(std::int64_t /*number*/) {}

    void operator()(bool /*flag*/) {}

    std::vector<ElementProblem> finish() { return std::move(found_); }

 private:
    void check(std::size_t index, std::string_view text, std::string_view name) {
        if (std::string message = rule_.problem(text, name); !message.empty()) {
            found_.push_back({.index = index, .message = std::move(message)});
        }
    }

    const ValueRule& rule_;
    std::vector<ElementProblem> found_{};
};

}  // namespace

std::vector<ElementProblem> find_element_problems(std::span<const ValueRule> rules,
                                                  const KeySpec& spec,
                                                  const SettingValue& value) {
    std::vector<ElementProblem> found;
    for (const ValueRule& rule : rules) {
        if (rule.key == spec.path) {
            ElementChecker checker(rule);
            std::visit(checker, value);
            const std::vector<ElementProblem> more = checker.finish();
            found.insert(found.end(), more.begin(), more.end());
        }
    }
    return found;
}

}  // namespace caretaker
