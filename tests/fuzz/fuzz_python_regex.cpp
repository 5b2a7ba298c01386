// SPDX-License-Identifier: Apache-2.0
// The kind and the value of a filter `pattern`, on two lines.
#include "common/text/regex.hpp"
#include "jobs/rotate/pattern_expression.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view value = fuzz::as_text(data, size);
    const std::string_view kind = fuzz::take_line(value);
    const std::string perl = from_python_regex(value);
    fuzz::require(from_python_regex(perl) == perl, "what is in Perl's syntax stays");
    const RegexResult result = Regex::compile(pattern_expression(kind, value));
    fuzz::require(result.regex.has_value() == result.error.empty(), "an expression or a reason");
    return 0;
}
