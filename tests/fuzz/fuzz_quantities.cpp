// SPDX-License-Identifier: Apache-2.0
// Any text as a duration, a size or a time: what is read is written so that it is read again.
#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    if (const auto duration = parse_duration(text)) {
        fuzz::require(parse_duration(format_exact_duration(*duration)) == duration, "a duration");
        fuzz::require(!format_duration(*duration).empty(), "a duration for people");
    }
    if (const auto bytes = parse_bytes(text)) {
        fuzz::require(parse_bytes(format_exact_bytes(*bytes)) == bytes, "a size");
        fuzz::require(!format_bytes(*bytes).empty(), "a size for people");
    }
    if (const auto time = parse_rfc3339(text)) {
        fuzz::require(parse_rfc3339(format_rfc3339(*time)) == time, "a time");
    }
    return 0;
}
