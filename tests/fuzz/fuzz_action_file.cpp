// SPDX-License-Identifier: Apache-2.0
// Any bytes as an action file and as a client file: what was read, or problems that can be shown.
#include "common/config/config_problem.hpp"
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/client_file.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <optional>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    const auto variable = [](std::string_view name) -> std::optional<std::string> {
        return name.empty() ? std::nullopt : std::optional<std::string>(name);
    };
    const ActionFile file = read_action_file(text, "actions.yml", variable);
    const std::string problems = format_problems(file.problems);
    fuzz::require(problems.find('\x1B') == std::string::npos, "no escape reaches the terminal");
    for (const ActionSpec& action : file.actions) {
        for (const FilterSpec& filter : action.filters) {
            (void)describe_filter(filter);
        }
    }
    (void)is_client_file(text);
    const ClientFile client = read_client_file(text, "curator.yml", variable);
    fuzz::require(format_problems(client.problems).find('\x1B') == std::string::npos,
                  "no escape reaches the terminal");
    return 0;
}
