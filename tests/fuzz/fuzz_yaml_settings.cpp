// SPDX-License-Identifier: Apache-2.0
// Any bytes as caretaker.yml: settings or problems, and settings that can be used and shown.
#include "common/config/config_problem.hpp"
#include "common/config/setting_value.hpp"
#include "common/config/yaml_file.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const ParsedSettings parsed = parse_yaml_settings(fuzz::as_text(data, size), "caretaker.yml");
    const std::string problems = format_problems(parsed.problems);
    fuzz::require(problems.find('\x1B') == std::string::npos, "no escape reaches the terminal");
    Settings settings;
    for (const Setting& setting : parsed.settings) {
        settings.set(setting);
        const std::string shown = format_setting_value(setting);
        const bool is_exact = !holds_secret(setting) &&
                              setting.spec->type != ValueType::text_list &&
                              setting.spec->type != ValueType::text_map && !shown.empty();
        if (is_exact) {
            const auto again = parse_setting_value(*setting.spec, shown);
            fuzz::require(again.value == setting.value, "a value is read as it is shown");
        }
    }
    fuzz::require(settings.hash().size() == 16, "settings have a hash");
    return 0;
}
