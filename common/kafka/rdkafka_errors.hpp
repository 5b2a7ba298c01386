// SPDX-License-Identifier: Apache-2.0
// What librdkafka's error codes and texts mean to us.
#pragma once

#include "common/base/error.hpp"
#include "common/kafka/kafka.hpp"

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// A code that came off the wire, where any number may stand, as a value that the type can hold.
rd_kafka_resp_err_t sound_code(int code);

/// As sound_code(), for the field of a struct that the library filled in; an invalid one must not
/// even be loaded as what it claims to be.
rd_kafka_resp_err_t read_code(const rd_kafka_resp_err_t& field);

/// The kind of a failure, from the library's or a broker's code; `none` for no error.
KafkaFailure kafka_failure(rd_kafka_resp_err_t code);

/// A failure with words: `text`, or the library's own for the code where that is empty.
KafkaProblem kafka_problem(rd_kafka_resp_err_t code, std::string_view text = {});

/// Whether the answer says that another broker leads the partition by now.
bool is_leader_moved(rd_kafka_resp_err_t code);

/// Whether the error concerns all partitions of a topic alike.
bool is_topic_error(rd_kafka_resp_err_t code);

/// Why there is no connection: the last thing the library reported about one.
struct ConnectionCause {
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string text{};
};

/// Whether trying again cannot help: credentials, mechanism or certificate were refused.
bool is_denied(const ConnectionCause& cause);

/// What the user sees when no metadata came.
struct ConnectionFailure {
    std::string servers{};    // bootstrap.servers
    std::string mechanism{};  // sasl.mechanism, empty where it is not set
    std::optional<ConnectionCause> cause{};
    std::int32_t library_version = 0;  // rd_kafka_version()
};

/// RemoteError "kafka_denied" or "kafka_unreachable", by the cause, with what to try.
RemoteError connection_error(const ConnectionFailure& failure);

/// One line of at most 400 bytes: brokers choose these texts, so control characters become blanks.
std::string one_line(std::string_view text);

}  // namespace caretaker
