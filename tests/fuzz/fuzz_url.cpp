// SPDX-License-Identifier: Apache-2.0
// A URL and a Location header, on two lines.
#include "common/http/url.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    std::string_view location = fuzz::as_text(data, size);
    const auto url = parse_url(fuzz::take_line(location));
    if (!url) {
        return 0;
    }
    const std::string text = format_url(*url);
    fuzz::require(text.find_first_of(" \r\n\t") == std::string::npos, "a URL is one line's word");
    const auto again = parse_url(text);
    fuzz::require(again && format_url(*again) == text, "a URL is read as it is written");
    if (const auto next = resolve_location(*url, location)) {
        const bool is_web = next->scheme == "http" || next->scheme == "https";
        fuzz::require(!is_web || parse_url(format_url(*next)), "a location is a URL");
    }
    return 0;
}
