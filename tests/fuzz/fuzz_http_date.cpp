// SPDX-License-Identifier: Apache-2.0
// Dates of headers and certificates, and what a service asks by Retry-After.
#include "common/http/http_date.hpp"
#include "common/http/retry_rules.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <chrono>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    const std::chrono::sys_days year_0 = std::chrono::year(0) / 1 / 1;
    const std::chrono::sys_days year_10000 = std::chrono::year(10'000) / 1 / 1;
    for (const auto& date : {parse_http_date(text), parse_certificate_date(text)}) {
        fuzz::require(!date || (*date >= year_0 && *date <= year_10000), "a year has four digits");
    }
    const auto wait = parse_retry_after(text, WallTime{});
    fuzz::require(!wait || wait->count() >= 0, "nobody can wait backwards");
    fuzz::require(retry_wait(1, 0.5, wait) <= std::chrono::minutes(1), "nobody waits for ever");
    return 0;
}
