// SPDX-License-Identifier: Apache-2.0
// The pattern and the replacement of a restore and the name of an index, on three lines.
#include "jobs/rotate/restore_plan.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view name = fuzz::as_text(data, size);
    const std::string_view pattern = fuzz::take_line(name);
    const std::string_view replacement = fuzz::take_line(name);
    const RegexResult compiled = Regex::compile(pattern);
    if (!compiled.regex) {
        return 0;
    }
    try {
        std::string problem;
        const std::string renamed = replace_all(*compiled.regex, replacement, name, problem);
        fuzz::require(problem.empty() || renamed.empty(), "a name or a reason");
        fuzz::require(!problem.empty() || compiled.regex->search(name) || renamed == name,
                      "what does not match stays");
    } catch (const RegexLimitError&) {  // an expression may take too many steps, and says so
    }
    return 0;
}
