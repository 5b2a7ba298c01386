// SPDX-License-Identifier: Apache-2.0
// Any bytes as a properties file.
#include "common/base/error.hpp"
#include "common/kafka/kafka_properties.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    try {
        for (const auto& [key, value] : parse_kafka_properties(text, "client.properties")) {
            const std::string shown = format_kafka_property(key, value);
            fuzz::require(shown.starts_with(key), "a property is shown by its key");
            fuzz::require(!is_secret_kafka_property(key) || shown == key + "=***",
                          "a secret is not shown");
        }
    } catch (const UsageError&) {  // the other right answer
    }
    try {
        parse_kafka_property(text);
    } catch (const UsageError&) {  // the other right answer
    }
    return 0;
}
