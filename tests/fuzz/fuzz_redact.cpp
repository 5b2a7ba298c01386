// SPDX-License-Identifier: Apache-2.0
// Any text through the redaction: the secret is gone, and a second time changes nothing.
#include "common/text/redact.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    const std::array<std::string, 1> secrets{"hunter2"};
    const std::string once = redact(text, secrets);
    fuzz::require(once.find(secrets.front()) == std::string::npos, "the secret is gone");
    fuzz::require(redact(once, secrets) == once, "a second time changes nothing");
    return 0;
}
