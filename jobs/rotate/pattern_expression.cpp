// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/pattern_expression.hpp"

#include "jobs/rotate/timestring.hpp"

#include <fmt/format.h>

namespace caretaker {

std::string from_python_regex(std::string_view expression) {
    std::string perl;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        perl += expression[i];
        if (expression[i] == '\\' && i + 1 < expression.size()) {
            ++i;
            perl += expression[i] == 'Z' ? 'z' : expression[i];
        }
    }
    return perl;
}

std::string pattern_expression(std::string_view kind, std::string_view value) {
    if (kind == "prefix") {
        return fmt::format("^{}.*$", from_python_regex(value));
    }
    if (kind == "suffix") {
        return fmt::format("^.*{}$", from_python_regex(value));
    }
    if (kind == "timestring") {
        return fmt::format("^.*{}.*$", from_python_regex(timestring_expression(value)));
    }
    return from_python_regex(value);
}

}  // namespace caretaker
