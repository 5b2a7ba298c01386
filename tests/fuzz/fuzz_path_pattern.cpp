// SPDX-License-Identifier: Apache-2.0
// A pattern and a path, on two lines.
#include "common/text/byte_escape.hpp"
#include "common/text/path_pattern.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view text = fuzz::as_text(data, size);
    const auto parsed = PathPattern::parse(fuzz::take_line(text));
    fuzz::require(parsed.pattern.has_value() == parsed.error.empty(), "a pattern or an error");
    if (parsed.pattern) {
        const bool matches = parsed.pattern->matches(text);
        fuzz::require(!matches || !parsed.pattern->is_about_name() ||
                          parsed.pattern->matches("above/" + std::string(text)),
                      "a name matches at any depth");
    }
    fuzz::require(PathPattern::parse("**").pattern->matches(text), "two stars match everything");
    fuzz::require(unescape_bytes(escape_bytes(text)) == text, "escaped bytes come back");
    unescape_bytes(text);
    std::string literal;
    for (const char c : text) {
        literal += c == '/' ? "/" : "\\" + std::string(1, c);
    }
    if (const auto own = PathPattern::parse(literal);
        own.pattern && !own.pattern->is_about_name() && !text.starts_with('/')) {
        fuzz::require(own.pattern->matches(text), "escaped bytes match themselves");
    }
    return 0;
}
