// SPDX-License-Identifier: Apache-2.0
// Faults of the fake Kafka cluster, and the one-line form in which people and tests name them.
#pragma once

#include "tests/sandbox/kafka_api.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

enum class KafkaFaultKind {
    hang,     // read the request, never answer it nor what follows on that connection, as a broker
              // does that is stuck in it
    swallow,  // read the request, never answer it; go on with the next one
    silent,   // accept connections, answer nothing at all
    delay,    // answer `delay` later; one request at a time per connection, as brokers do
    max_version,  // offer an API only up to `version`
    hide,         // do not offer an API
    error,        // answer with error `code`
    dead,         // the broker's port is closed; metadata still shows it
    garbage,      // the answer's body is noise
    truncated,    // the answer's body is cut in half, in a well-formed frame
    huge_length,  // the answer announces 2 GiB
    cut,          // the connection is closed in the middle of the answer
    empty_null,   // OffsetFetch of all partitions (NULL) finds none
};

/// A fault applies where every field that is set matches. Of several matching faults of one kind
/// the latest counts.
struct KafkaFault {
    KafkaFaultKind kind = KafkaFaultKind::hang;
    /// Unset: every API; for `error`: those in which brokers use this code.
    std::optional<KafkaApi> api{};
    std::optional<std::int32_t> broker{};
    /// For `error`: the group, topic or partition concerned. With neither group nor topic: every
    /// one, or the whole answer where the API has a field for that (ListGroups).
    std::optional<std::string> group{};
    std::optional<std::string> topic{};
    std::optional<std::int32_t> partition{};
    std::int16_t code = 0;
    std::chrono::milliseconds delay{0};
    std::int16_t version = 0;
    /// Only the first so many requests that it matches; unset: all.
    std::optional<std::uint32_t> times{};
};

/// Reads "KIND" or "KIND:KEY=VALUE,KEY=VALUE…", e.g.
/// "error:code=NOT_COORDINATOR,group=billing,times=3". %XX stands for a byte in values. Throws
/// UsageError that names the problem and what is possible.
KafkaFault parse_kafka_fault(std::string_view spec);

/// The form that parse_kafka_fault reads.
std::string format_kafka_fault(const KafkaFault& fault);

/// The help text about fault specs, with examples.
std::string_view kafka_fault_help();

}  // namespace caretaker::sandbox
