// SPDX-License-Identifier: Apache-2.0
// A pattern and a text, on two lines.
#include "common/text/glob.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view text = fuzz::as_text(data, size);
    const std::string pattern(fuzz::take_line(text));
    const bool matches = glob_match(pattern, text);
    fuzz::require(!matches || glob_match("*" + pattern, text), "a star may stand for nothing");
    fuzz::require(glob_match("*", text), "a star matches everything");
    std::string escaped;
    for (const char c : text) {
        escaped += '\\';
        escaped += c;
    }
    fuzz::require(glob_match(escaped, text), "escaped bytes match themselves");
    return 0;
}
