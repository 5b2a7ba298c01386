// SPDX-License-Identifier: Apache-2.0
// Any bytes as the assignment of a member of a Kafka group.
#include "common/kafka/consumer_assignment.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    TopicNames names;
    const auto topics = parse_consumer_assignment(std::as_bytes(std::span(data, size)), names);
    if (!topics) {
        return 0;
    }
    std::size_t partitions = 0;
    for (const AssignedTopic& topic : *topics) {
        partitions += topic.partitions.size();
    }
    fuzz::require(partitions * sizeof(std::int32_t) <= size, "partitions come from bytes");
    return 0;
}
