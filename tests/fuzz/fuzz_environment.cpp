// SPDX-License-Identifier: Apache-2.0
// NAME=value lines as environment variables.
#include "common/config/config_problem.hpp"
#include "common/config/environment.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    constexpr std::size_t most_variables = 20;
    std::string_view text = fuzz::as_text(data, size);
    EnvironmentMap environment;
    while (!text.empty() && environment.size() < most_variables) {
        const std::string_view line = fuzz::take_line(text);
        const std::size_t equals = line.find('=');
        environment.emplace("CARETAKER_" + std::string(line.substr(0, equals)),
                            equals == std::string_view::npos ? "" : line.substr(equals + 1));
    }
    const std::array<std::string, 2> targets{"prod", "Stage-EU"};
    const ParsedSettings parsed =
        parse_environment(environment, targets, [](const std::string& path) {
            return ValueFile{.text = path, .error = path.size() > 20 ? "too long" : ""};
        });
    Settings settings;
    for (const Setting& setting : parsed.settings) {
        settings.set(setting);
    }
    format_problems(parsed.problems);
    return 0;
}
