// SPDX-License-Identifier: Apache-2.0
// A pattern of any kind and a name, on two lines.
#include "common/text/name_pattern.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view name = fuzz::as_text(data, size);
    const std::string_view text = fuzz::take_line(name);
    const NamePatternResult result = NamePattern::parse(text);
    fuzz::require(result.pattern.has_value() == result.error.empty(), "a pattern or a reason");
    if (!result.pattern) {
        return 0;
    }
    fuzz::require(result.pattern->text() == text, "a pattern keeps its text");
    try {
        const bool matches = result.pattern->matches(name);
        fuzz::require(!result.pattern->is_literal() || matches == (name == text),
                      "a name matches itself alone");
    } catch (const RegexLimitError&) {  // an expression may take too many steps, and says so
    }
    return 0;
}
