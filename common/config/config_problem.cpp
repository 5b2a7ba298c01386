// SPDX-License-Identifier: Apache-2.0
#include "common/config/config_problem.hpp"

#include "common/text/display_width.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

namespace caretaker {

namespace {

/// A file can hold keys of any length with any bytes in them.
constexpr std::size_t widest_message = 500;

std::string printable(std::string_view text) {
    std::string result = cut_to_width(text, widest_message);
    for (char& c : result) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            c = '?';
        }
    }
    return result;
}

}  // namespace

std::string format_problem(const ConfigProblem& problem) {
    const std::string message = printable(problem.message);
    if (problem.line == 0) {
        return fmt::format("{}: {}", problem.file, message);
    }
    return fmt::format("{}:{}:{}: {}", problem.file, problem.line, problem.column, message);
}

std::string format_problems(std::span<const ConfigProblem> problems) {
    if (problems.size() == 1) {
        return "reading the configuration: " + format_problem(problems.front());
    }
    std::string text = fmt::format("reading the configuration: {} problems", problems.size());
    for (const ConfigProblem& problem : problems) {
        text += '\n' + format_problem(problem);
    }
    return text;
}

}  // namespace caretaker
