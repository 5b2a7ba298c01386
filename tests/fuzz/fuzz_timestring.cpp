// SPDX-License-Identifier: Apache-2.0
// A timestring, or a name with date math, and the name of an index, on two lines.
#include "jobs/rotate/date_math.hpp"
#include "jobs/rotate/timestring.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <chrono>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view name = fuzz::as_text(data, size);
    const std::string_view form = fuzz::take_line(name);
    const UnixSeconds now{std::chrono::seconds(1'764'072'000)};
    (void)format_timestring(form, now);
    const ResolvedName resolved = resolve_name(form, now);
    fuzz::require(resolved.error.empty() || resolved.name.empty(), "a name or a reason");
    const TimestringResult result = Timestring::compile(form);
    fuzz::require(result.timestring.has_value() == result.error.empty(), "a form or a reason");
    if (!result.timestring) {
        return 0;
    }
    try {
        if (const auto found = result.timestring->find(name)) {
            fuzz::require(name.find(found->text) != std::string_view::npos,
                          "what was read is part of the name");
        }
    } catch (const RegexLimitError&) {  // an expression may take too many steps, and says so
    }
    return 0;
}
