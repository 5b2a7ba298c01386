// SPDX-License-Identifier: Apache-2.0
#include "common/config/config_problem.hpp"

#include <fmt/format.h>

namespace caretaker {

std::string format_problem(const ConfigProblem& problem) {
    if (problem.line == 0) {
        return fmt::format("{}: {}", problem.file, problem.message);
    }
    return fmt::format("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message);
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
