// SPDX-License-Identifier: Apache-2.0
// Client properties of Kafka as people write them: a properties file, or `-X key=value` on the
// command line. Pure: the text comes from outside and is read by nobody else.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

using KafkaProperty = std::pair<std::string, std::string>;

/// Parses a properties file as Java's java.util.Properties writes it: one `key=value` or `key:
/// value` a line, blanks around both trimmed, comments after `#` or `!` at the beginning of a line,
/// a backslash at its end joins the next one, `\:` `\=` `\#` `\!` `\\` `\t` `\n` `\r` and `\uXXXX`
/// stand for characters. `file` is what errors call the text. Keys are those of librdkafka, which
/// knows most of the Java client's too; those that only Java can use stop with a hint. Throws
/// UsageError that names file and line, and never a value.
std::vector<KafkaProperty> parse_kafka_properties(std::string_view text, std::string_view file);

/// Parses `key=value` from the command line. Throws UsageError where it is none, for a key that
/// only Java can use, and for a secret: everybody on the host can read command lines.
KafkaProperty parse_kafka_property(std::string_view argument);

/// Whether the value of `key` must not be shown, stored or logged.
bool is_secret_kafka_property(std::string_view key);

/// "key=value", or "key=***" for a secret.
std::string format_kafka_property(std::string_view key, std::string_view value);

}  // namespace caretaker
