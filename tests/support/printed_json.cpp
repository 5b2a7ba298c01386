// SPDX-License-Identifier: Apache-2.0
#include "tests/support/printed_json.hpp"

#include "tests/support/json_schema.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

namespace caretaker::testing {

namespace {

bool is_ours(std::string_view program) {
    return program.ends_with("caretaker") || program.ends_with("caretaker-testjob");
}

bool asks_for_json(const std::vector<std::string>& argv) {
    const auto is_option = [](std::string_view word) { return word == "-o" || word == "--output"; };
    const auto option = std::find_if(argv.begin(), argv.end(), is_option);
    return option != argv.end() && option + 1 != argv.end() &&
           (option[1] == "json" || option[1] == "jsonl");
}

}  // namespace

void require_its_schema(const std::vector<std::string>& argv, std::string_view out) {
    if (out.empty() || argv.empty() || !is_ours(argv.front()) || !asks_for_json(argv)) {
        return;
    }
    const std::string problem = problem_of_output(out);
    if (!problem.empty()) {
        throw std::runtime_error(
            fmt::format("{}: not of its schema: {}", fmt::join(argv, " "), problem));
    }
}

}  // namespace caretaker::testing
